// Tables. Fields that follow each other, one a line, have their types in one column. Methods of one
// line have their results and their `=` in columns where the author has begun such a table; a line
// that was put into it joins it. Comments at the ends of lines that follow each other stand below
// the first of them, or further right if a line needs the room.
#include "frontend/format/layout.h"

#include <string.h>

typedef struct Line {
    FormatToken *first, *end; // behind its last token
} Line;

typedef ARENA_VECTOR(Line) LineList;

// A place in a line that may be moved to the right.
typedef struct Cell {
    FormatToken *token; // what stands there; NULL: the line has no such place
    int width;          // of what stands in front, without the blanks
    int column;         // where it is; at first in the source. From the line's first token on
    bool tabled;        // with others, as the author has it
} Cell;

int format_width(const FormatToken *token) {
    int width = 0;
    for (size_t i = 0; i < token->token.length; i++) {
        char byte = token->token.chars[i];
        // Bytes of a character of several are counted once.
        width = byte == '\n' ? 0 : width + (((unsigned char)byte & 0xC0) != 0x80);
    }
    return width;
}

static LineList lines_of(Arena *arena, const FormatPage *page) {
    LineList lines = {0};
    for (size_t i = 0; i < page->count; i++) {
        FormatToken *token = &page->tokens[i];
        if (i == 0 || token->breaks) {
            Line line = {token, token};
            ARENA_PUSH(arena, &lines, line);
        }
        lines.items[lines.count - 1].end = token + 1;
    }
    return lines;
}

// Without what stands in front of the line.
static Cell cell_at(const Line *line, FormatToken *token) {
    Cell cell = {.token = token};
    for (const FormatToken *each = line->first; each < token; each++)
        cell.width += (each == line->first ? 0 : each->spaces) + format_width(each);
    const SyntaxToken *first = &line->first->token;
    cell.column = token->token.at.line == first->at.line ? token->token.at.column - first->at.column
                                                         : cell.width + 1;
    return cell;
}

static void move_to(const Cell *cell) {
    cell->token->spaces = cell->column - cell->width;
}

// ---- Fields -----------------------------------------------------------------------------

// The type of a line's only field.
static Cell field_cell(const Line *line) {
    FormatToken *name = line->first + (line->first->role == FORMAT_FIELDS_OPEN), *type = name + 1;
    if (name >= line->end || name->role != FORMAT_FIELD || type >= line->end ||
        type->role != FORMAT_ANNOTATION_OPEN)
        return (Cell){0};
    for (const FormatToken *other = type; other < line->end; other++)
        if (other->role == FORMAT_FIELD)
            return (Cell){0};
    return (Cell){.token = type, .width = format_width(name)};
}

static void align_fields(const LineList *lines) {
    for (size_t begin = 0; begin < lines->count;) {
        int width = 0;
        size_t end = begin;
        for (; end < lines->count; end++) {
            Cell cell = field_cell(&lines->items[end]);
            if (!cell.token || (end > begin && lines->items[end].first->breaks > 1))
                break;
            width = cell.width > width ? cell.width : width;
        }
        for (size_t i = begin; i < end; i++) {
            Cell cell = field_cell(&lines->items[i]);
            cell.column = width + 1;
            move_to(&cell);
        }
        begin = end > begin ? end : begin + 1;
    }
}

// ---- Methods ----------------------------------------------------------------------------

static bool is_short_method(const Line *line) {
    if (line->first->role != FORMAT_METHOD)
        return false;
    const FormatToken *last = line->end - 1;
    if (format_is_comment(last))
        last--;
    return last->role == FORMAT_PRIMITIVE || last->role == FORMAT_BODY_CLOSE;
}

static Cell method_cell(const Line *line, FormatRole role) {
    for (FormatToken *token = line->first + 1; token < line->end; token++)
        if (token->role == role)
            return cell_at(line, token);
        else if (token->role == FORMAT_EQUALS)
            break;
    return (Cell){0};
}

// Has the author another line's cell in the same column, by blanks that it needs for that?
static bool is_tabled(const Cell *cells, size_t count, const Cell *cell) {
    for (size_t i = 0; i < count; i++)
        if (cells[i].column == cell->column && cells[i].width != cell->width)
            return true;
    return false;
}

// Puts the cells of one table into the first column for which each line has room. True if any has
// moved.
static bool align_table(Cell *cells, size_t count, bool is_table) {
    bool moved = false;
    int width = 0;
    for (size_t i = 0; i < count; i++)
        width = cells[i].width > width ? cells[i].width : width;
    for (size_t i = 0; i < count; i++) {
        int column = (is_table ? width : cells[i].width) + 1;
        moved = moved || cells[i].column != column;
        cells[i].column = column;
    }
    return moved;
}

// Where the columns of two tables differ the second one begins. A line in none belongs to the table
// in front of it, or else to the first one. True if any cell has moved.
static bool align_tables(Cell *cells, size_t count) {
    for (size_t i = 0; i < count; i++)
        cells[i].tabled = is_tabled(cells, count, &cells[i]);
    bool moved = false, any = false;
    size_t begin = 0;
    int column = 0;
    for (size_t i = 0; i < count; i++) {
        if (!cells[i].tabled)
            continue;
        if (any && cells[i].column != column) {
            moved |= align_table(cells + begin, i - begin, true);
            begin = i;
        }
        column = cells[i].column;
        any = true;
    }
    return align_table(cells + begin, count - begin, any) || moved;
}

// Of the lines that have such a place. What is one table now may be seen to be part of another, so
// this goes on until nothing moves; each time that something does there are fewer tables.
static void align_role(Arena *arena, const Line *lines, size_t count, FormatRole role) {
    Cell *cells = ARENA_ARRAY(arena, Cell, count);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        cells[found] = method_cell(&lines[i], role);
        found += cells[found].token != NULL;
    }
    for (size_t round = 0; round <= found && align_tables(cells, found); round++)
        continue;
    for (size_t i = 0; i < found; i++)
        move_to(&cells[i]);
}

static void align_methods(Arena *arena, const LineList *lines) {
    for (size_t begin = 0; begin < lines->count;) {
        size_t end = begin;
        while (end < lines->count && is_short_method(&lines->items[end]) &&
               (end == begin || lines->items[end].first->breaks == 1))
            end++;
        align_role(arena, lines->items + begin, end - begin, FORMAT_RESULT_OPEN);
        align_role(arena, lines->items + begin, end - begin, FORMAT_EQUALS);
        begin = end > begin ? end : begin + 1;
    }
}

// ---- Comments ---------------------------------------------------------------------------

// Behind something of several lines there is no telling how far that reaches.
static Cell comment_cell(const Line *line) {
    FormatToken *last = line->end - 1;
    bool found = last > line->first && format_is_comment(last);
    for (const FormatToken *token = line->first; found && token < last; token++)
        found = !memchr(token->token.chars, '\n', token->token.length);
    return found ? cell_at(line, last) : (Cell){0};
}

// How far the author has the comment behind what is in front of it.
static int comment_gap(const FormatToken *comment) {
    const FormatToken *previous = comment - 1;
    return comment->token.at.column - previous->token.at.column - format_width(previous);
}

// Columns are counted from the page's edge here, as lines of different depth may follow each other.
// Only a line that reaches into the comments' column moves it.
static void align_comments(const LineList *lines) {
    enum { GAP = 3 };
    for (size_t begin = 0; begin < lines->count;) {
        int column = 0;
        size_t end = begin;
        for (; end < lines->count; end++) {
            const Line *line = &lines->items[end];
            Cell cell = comment_cell(line);
            if (!cell.token || (end > begin && line->first->breaks > 1))
                break;
            int width = line->first->indent + cell.width, gap = comment_gap(cell.token);
            if (end == begin)
                column = width + (gap < GAP ? GAP : gap);
            else if (width >= column)
                column = width + GAP;
        }
        for (size_t i = begin; i < end; i++) {
            Cell cell = comment_cell(&lines->items[i]);
            cell.column = column - lines->items[i].first->indent;
            move_to(&cell);
        }
        begin = end > begin ? end : begin + 1;
    }
}

void format_columns(Arena *arena, FormatPage *page) {
    LineList lines = lines_of(arena, page);
    align_fields(&lines);
    align_methods(arena, &lines);
    align_comments(&lines);
}
