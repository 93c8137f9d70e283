#include "cli/report/report.h"
bool report_check(void){return true;}
void report_gather(Arena *arena, const Campaign *campaign, ReportExtras *extras){(void)arena;(void)campaign;(void)extras;}
void report_extras_free(ReportExtras *extras){(void)extras;}
bool report_html(const Campaign *campaign, const Analysis *analysis, const ReportExtras *extras,
                 const ReportHistory *history, Text *out){(void)campaign;(void)analysis;(void)extras;(void)history;text_add(out,"x");return true;}
bool history_write(const char *path, const Campaign *campaign, const Analysis *analysis, const char *release){(void)path;(void)campaign;(void)analysis;(void)release;return true;}
const ReportHistory *history_read(Arena *arena, const char *folder){(void)folder;return ARENA_NEW(arena,ReportHistory);}
