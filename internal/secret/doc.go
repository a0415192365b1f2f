// Package secret seals what must not lie readable in the database: passwords of mail accounts,
// tokens.
//
// It knows AES-256-GCM and where the key is: the environment variable RELANCE_KEY, or a file beside
// the data, made on first use and readable by its owner only. It refuses to know what it seals. A
// sealed text names its key, so that a new one can be introduced while the old one still opens.
package secret
