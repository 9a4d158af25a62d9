/* A library of something else.
 *
 * expected: load missing_symbol: does not export the function `alas_plugin_entry`
 */
int other(void);
int other(void) { return 1; }
