// Command bench measures the program against the limits of the machine it runs on (PRODUCT.md §9)
// and prints one table: each figure, the plain limit measured in the same run, and their ratio.
// Only ratios are claimed: absolute figures depend on the machine and on what else it does. It
// refuses to judge: no test asserts a time.
package main
