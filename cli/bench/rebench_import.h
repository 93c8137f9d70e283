#include "cli/bench/campaign.h"
Campaign *rebench_import(Arena *arena, const char *path);
