// Package dispute knows contested amounts: what they are about, who answers and within what delay, and whose
// fault they were, so that the next ones can be prevented. It refuses to know what a dispute holds up.
package dispute
