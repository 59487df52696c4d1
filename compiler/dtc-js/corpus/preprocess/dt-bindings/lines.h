/* Constants for sources: no device tree in here. */
#ifndef _DT_BINDINGS_LINES_H
#define _DT_BINDINGS_LINES_H

#define LINE_SHARED	0
#define LINE_PRIVATE	1

#define EDGE_RISING	(1 << 0)
#define EDGE_FALLING	(1 << 1)
#define EDGE_BOTH	(EDGE_RISING | EDGE_FALLING)
#define LEVEL_HIGH	0x4	// four
#define LEVEL_LOW	0x8

#endif /* _DT_BINDINGS_LINES_H */
