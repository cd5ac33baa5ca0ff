/* A shared library that is no handler. */
int edgegw_something_else(void);
int edgegw_something_else(void) { return 42; }
