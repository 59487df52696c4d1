#pragma once
#define TWICE(x) ((x) * 2)
#ifdef ONCE_WAS_READ
#error "this file was read twice"
#endif
#define ONCE_WAS_READ
