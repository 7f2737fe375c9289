/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700

#include "data/csv_header.h"
#include "data/dataset.h"

#include "base/file.h"
#include "comma_locale.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PATH "table.csv"

static void save(const void *text, size_t count)
{
    FILE *file = fopen(PATH, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, count, file), count);
    cr_assert_eq(fclose(file), 0);
}

/* A fixture: the file, and what it holds or how it is refused. */
typedef struct fixture {
    const char *what;
    const char *text;
    size_t count; /* 0: up to the NUL */
    cupel_csv_config config;
    cupel_status status;
    const char *part; /* of the sentence */
    int64_t rows;
    int64_t features;
    float x[8];
    float y[4];
    int32_t labels[6];
    const char *names[4];
} fixture;

#define OK(...) .status = CUPEL_OK, __VA_ARGS__
#define BAD(code, sentence) .status = CUPEL_ERROR_##code, .part = sentence

static const char *const colours[] = {"red", "green", "blue", NULL};
static const char *const twice[] = {"red", "red", NULL};
static const char *const none[] = {NULL};

static const fixture fixtures[] = {
    /* What is accepted, and what it means. */
    {"plain",
     "a,b,y\n1,2,3\n4,5,6\n",
     0,
     {0},
     OK(.rows = 2, .features = 2, .x = {1, 2, 4, 5}, .y = {3, 6})},
    {"CRLF",
     "a,b,y\r\n1,2,3\r\n4,5,6\r\n",
     0,
     {0},
     OK(.rows = 2, .features = 2, .x = {1, 2, 4, 5}, .y = {3, 6})},
    {"CR",
     "a,b,y\r1,2,3\r4,5,6\r",
     0,
     {0},
     OK(.rows = 2, .features = 2, .x = {1, 2, 4, 5}, .y = {3, 6})},
    {"mixed line ends",
     "a,y\r\n1,2\n3,4\r5,6",
     0,
     {0},
     OK(.rows = 3, .features = 1, .x = {1, 3, 5}, .y = {2, 4, 6})},
    {"no last newline", "a,y\n1,2", 0, {0}, OK(.rows = 1, .features = 1, .x = {1}, .y = {2})},
    {"BOM",
     "\xef\xbb\xbf"
     "a,y\n1,2\n",
     0,
     {.target = "a"},
     OK(.rows = 1, .features = 1, .x = {2}, .y = {1})},
    {"BOM before a quote",
     "\xef\xbb\xbf\"a\",y\n1,2\n",
     0,
     {.target = "a"},
     OK(.rows = 1, .features = 1, .x = {2}, .y = {1})},
    {"blank lines",
     "\n\na,y\n\n1,2\n  \n\t\n\r\n3,4\n\n\n",
     0,
     {0},
     OK(.rows = 2, .features = 1, .x = {1, 3}, .y = {2, 4})},
    {"quoted numbers",
     "\"a\",\"y\"\n\"1\",\"-2.5\"\n",
     0,
     {0},
     OK(.rows = 1, .features = 1, .x = {1}, .y = {-2.5F})},
    {"a separator in a name",
     "\"a,b\",y\n1,2\n",
     0,
     {.target = "a,b"},
     OK(.rows = 1, .features = 1, .x = {2}, .y = {1})},
    {"a doubled quote in a name",
     "\"say \"\"a\"\"\",y\n1,2\n",
     0,
     {.target = "say \"a\""},
     OK(.rows = 1, .features = 1, .x = {2}, .y = {1})},
    {"a line end in a name",
     "\"a\r\nb\",y\n1,2\n",
     0,
     {.target = "a\r\nb"},
     OK(.rows = 1, .features = 1, .x = {2}, .y = {1})},
    {"an empty name",
     ",y\n1,2\n",
     0,
     {.target = ""},
     OK(.rows = 1, .features = 1, .x = {2}, .y = {1})},
    {"blanks around numbers",
     "a,y\n 1 ,\t2 \n",
     0,
     {0},
     OK(.rows = 1, .features = 1, .x = {1}, .y = {2})},
    {"spellings of numbers",
     "a,b,c,d,e,y\n+1,-0.5,.25,3.,1e2,1E-2\n",
     0,
     {0},
     OK(.rows = 1, .features = 5, .x = {1, -0.5F, 0.25F, 3, 100}, .y = {0.01F})},
    {"the smallest and the largest",
     "a,b,y\n1e-400,3.4028235e38,-3.4028235e38\n",
     0,
     {0},
     OK(.rows = 1, .features = 2, .x = {0, 3.4028235e38F}, .y = {-3.4028235e38F})},
    {"rounds to the largest",
     "a,y\n1,3.40282356e38\n",
     0,
     {0},
     OK(.rows = 1, .features = 1, .x = {1}, .y = {3.4028235e38F})},
    {"no header",
     "1,2\n3,4\n",
     0,
     {.no_header = true},
     OK(.rows = 2, .features = 1, .x = {1, 3}, .y = {2, 4})},
    {"no header, one row",
     "1,2",
     0,
     {.no_header = true},
     OK(.rows = 1, .features = 1, .x = {1}, .y = {2})},
    {"target by number",
     "1,2,3\n",
     0,
     {.no_header = true, .target = "0"},
     OK(.rows = 1, .features = 2, .x = {2, 3}, .y = {1})},
    {"target by number with a header",
     "a,b,y\n1,2,3\n",
     0,
     {.target = "1"},
     OK(.rows = 1, .features = 2, .x = {1, 3}, .y = {2})},
    {"a name that is a number goes first",
     "1,0\n7,8\n",
     0,
     {.target = "1"},
     OK(.rows = 1, .features = 1, .x = {8}, .y = {7})},
    {"features may share a name",
     "a,a,y\n1,2,3\n",
     0,
     {.target = "y"},
     OK(.rows = 1, .features = 2, .x = {1, 2}, .y = {3})},
    {"semicolons",
     "a;y\n1;2\n",
     0,
     {.separator = ';'},
     OK(.rows = 1, .features = 1, .x = {1}, .y = {2})},
    {"tabs",
     "a\ty\n1\t2\n\n",
     0,
     {.separator = '\t'},
     OK(.rows = 1, .features = 1, .x = {1}, .y = {2})},
    {"not finite where allowed",
     "a,b,c,y\nnan,,-INF,inf\n",
     0,
     {.allow_nan = true},
     OK(.rows = 1, .features = 3, .x = {NAN, NAN, -INFINITY}, .y = {INFINITY})},
    {"an empty last field where allowed",
     "a,y\n1,\n2,",
     0,
     {.allow_nan = true},
     OK(.rows = 2, .features = 1, .x = {1, 2}, .y = {NAN, NAN})},
    {"classes are numbers",
     "a,y\n1,2\n1,0\n1,2\n",
     0,
     {.classify = true},
     OK(.rows = 3, .features = 1, .x = {1, 1, 1}, .labels = {2, 0, 2}, .names = {"0", "1", "2"})},
    {"numbers in other spellings",
     "a,y\n1,01\n1,1.0\n1, 1\n1,0\n",
     0,
     {.classify = true},
     OK(.rows = 4, .features = 1, .x = {1, 1, 1, 1}, .labels = {1, 1, 1, 0}, .names = {"0", "01"})},
    {"classes by their bytes",
     "a,y\n1,dog\n1,cat\n1,Zebra\n1,dog\n",
     0,
     {.classify = true},
     OK(.rows = 4, .features = 1, .x = {1, 1, 1, 1}, .labels = {2, 1, 0, 2},
        .names = {"Zebra", "cat", "dog"})},
    {"numbers among names are names",
     "a,y\n1,10\n1,9\n1,x\n",
     0,
     {.classify = true},
     OK(.rows = 3, .features = 1, .x = {1, 1, 1}, .labels = {0, 1, 2}, .names = {"10", "9", "x"})},
    {"given classes",
     "a,y\n1,blue\n1,red\n",
     0,
     {.classify = true, .class_names = colours},
     OK(.rows = 2, .features = 1, .x = {1, 1}, .labels = {2, 0},
        .names = {"red", "green", "blue"})},
    {"quoted classes",
     "y,a\n\"a,\"\"b\",1\nc,2\n",
     0,
     {.classify = true, .target = "y"},
     OK(.rows = 2, .features = 1, .x = {1, 2}, .labels = {0, 1}, .names = {"a,\"b", "c"})},
    {"a class keeps its blanks",
     "y,a\n x,1\nx,2\n",
     0,
     {.classify = true, .target = "0"},
     OK(.rows = 2, .features = 1, .x = {1, 2}, .labels = {0, 1}, .names = {" x", "x"})},
    {"high bytes sort last",
     "y,a\n\xc3\xa4,1\nz,2\n",
     0,
     {.classify = true, .target = "0"},
     OK(.rows = 2, .features = 1, .x = {1, 2}, .labels = {1, 0}, .names = {"z", "\xc3\xa4"})},

    /* What is refused. */
    {"empty", "", 0, {0}, BAD(FORMAT, "is empty")},
    {"a BOM alone", "\xef\xbb\xbf", 0, {0}, BAD(FORMAT, "is empty")},
    {"blank lines alone", "\n \n\r\n", 0, {0}, BAD(FORMAT, "is empty")},
    {"empty without header", "", 0, {.no_header = true}, BAD(FORMAT, "is empty")},
    {"header only", "a,b,y\n", 0, {0}, BAD(FORMAT, "a header and no rows")},
    {"header without newline", "a,b,y", 0, {0}, BAD(FORMAT, "a header and no rows")},
    {"one column", "y\n1\n", 0, {0}, BAD(FORMAT, "1 field")},
    {"another separator", "a;b;y\n1;2;3\n", 0, {0}, BAD(FORMAT, ".separator")},
    {"too few fields",
     "a,b,y\n1,2,3\n4,5\n",
     0,
     {0},
     BAD(FORMAT, "line 3, column 2: the line ends")},
    {"too many fields",
     "a,b,y\n1,2,3\n4,5,6,7\n",
     0,
     {0},
     BAD(FORMAT, "line 3, column 4: one field too many")},
    {"a separator at the end",
     "a,y\n1,2,\n",
     0,
     {0},
     BAD(FORMAT, "line 2, column 3: one field too")},
    {"ragged in the last line",
     "a,b,y\n1,2,3\n4",
     0,
     {0},
     BAD(FORMAT, "line 3, column 1: the line ends")},
    {"ragged without header", "1,2\n3\n", 0, {.no_header = true}, BAD(FORMAT, "line 2, column 1")},
    {"no number",
     "age,y\n1,2\nold,2\n",
     0,
     {0},
     BAD(FORMAT, "line 3, column 1 \"age\": \"old\" is not a number")},
    {"no number without header",
     "1,2\n1,x\n",
     0,
     {.no_header = true},
     BAD(FORMAT, "line 2, column 2: \"x\" is not a number")},
    {"no number in the first record",
     "x,2\n",
     0,
     {.no_header = true},
     BAD(FORMAT, "line 1, column 1: \"x\" is not a number")},
    {"lines are counted through blank ones", "\na,y\n\r\n\r1,x\n", 0, {0}, BAD(FORMAT, "line 5,")},
    {"lines are counted within quotes",
     "\"a\nb\r\nc\rd\",y\n1,x\n",
     0,
     {0},
     BAD(FORMAT, "line 5,")},
    {"a long text is cut",
     "a,y\n1,0123456789x123456789012345678901234567890123456789\n",
     0,
     {0},
     BAD(FORMAT, "\"0123456789x12345678901234567890123456789\"... is not")},
    {"a character is not cut in two",
     "a,y\n1,x12345678901234567890123456789012345678\xc3\xa4zzz\n",
     0,
     {0},
     BAD(FORMAT, "\"x12345678901234567890123456789012345678\"... is not")},
    {"control characters are escaped",
     "a,y\n1,\"\x1b[31m\n\x7f\"\n",
     0,
     {0},
     BAD(FORMAT, "\"\\x1b[31m\\x0a\\x7f\" is not")},
    {"hexadecimal", "a,y\n1,0x10\n", 0, {0}, BAD(FORMAT, "\"0x10\" is not a number")},
    {"a decimal comma", "a;y\n1;2,5\n", 0, {.separator = ';'}, BAD(FORMAT, "\"2,5\" is not")},
    {"two numbers in a field", "a,y\n1,2 3\n", 0, {0}, BAD(FORMAT, "\"2 3\" is not a number")},
    {"a sign alone", "a,y\n1,-\n", 0, {0}, BAD(FORMAT, "\"-\" is not a number")},
    {"an exponent alone", "a,y\n1,e5\n", 0, {0}, BAD(FORMAT, "\"e5\" is not a number")},
    {"empty field", "a,y\n1,2\n,2\n", 0, {0}, BAD(DATA, "line 3, column 1 \"a\": \"\" is empty")},
    {"blank field", "a,y\n1, \n", 0, {0}, BAD(DATA, "line 2, column 2 \"y\": \" \" is empty")},
    {"quoted empty field", "a,y\n\"\",1\n", 0, {0}, BAD(DATA, "is empty")},
    {"nan", "a,y\nNaN,2\n", 0, {0}, BAD(DATA, "line 2, column 1 \"a\": \"NaN\" is not finite")},
    {"inf", "a,y\n1,-inf\n", 0, {0}, BAD(DATA, "\"-inf\" is not finite")},
    {"1e400", "a,y\n1,1e400\n", 0, {0}, BAD(DATA, "\"1e400\" is beyond the range")},
    {"1e39", "a,y\n1,-1e39\n", 0, {0}, BAD(DATA, "\"-1e39\" is beyond the range")},
    {"1e400 is never allowed",
     "a,y\n1,1e400\n",
     0,
     {.allow_nan = true},
     BAD(DATA, "beyond the range")},
    {"just beyond the largest", "a,y\n1,3.4028235678e38\n", 0, {0}, BAD(DATA, "beyond the range")},
    {"NUL", "a,y\n1,2\0\n", 9, {0}, BAD(FORMAT, "line 2, column 2: a NUL byte")},
    {"NUL in quotes", "a,y\n1,\"2\0\"\n", 11, {0}, BAD(FORMAT, "line 2, column 2: a NUL byte")},
    {"NUL in the header", "a\0,y\n1,2\n", 9, {0}, BAD(FORMAT, "line 1, column 1: a NUL byte")},
    {"UTF-16",
     "\xff\xfe"
     "a\0,\0y\0\n\0",
     10,
     {0},
     BAD(FORMAT, "UTF-16")},
    {"an unterminated quote",
     "a,y\n1,\"2\n3,4\n",
     0,
     {0},
     BAD(FORMAT, "line 2, column 2: the quote that opens here")},
    {"a quote at the very end",
     "a,y\n1,\"",
     0,
     {0},
     BAD(FORMAT, "line 2, column 2: the quote that")},
    {"text behind a quote",
     "a,y\n1,\"2\"3\n",
     0,
     {0},
     BAD(FORMAT, "line 2, column 2: text behind")},
    {"blanks behind a quote",
     "a,y\n\"1\" ,2\n",
     0,
     {0},
     BAD(FORMAT, "line 2, column 1: text behind")},
    {"a quote inside", "a,y\n1,2\"3\n", 0, {0}, BAD(FORMAT, "line 2, column 2: a quote inside")},
    {"no such target",
     "a,b,y\n1,2,3\n",
     0,
     {.target = "z"},
     BAD(ARGUMENT, "no column is named \"z\", the target; there are \"a\", \"b\", \"y\"")},
    {"a list of columns is cut",
     "a,b,c,d,e,f,g,h\n",
     0,
     {.target = "z"},
     BAD(ARGUMENT, "\"f\" and 2 more")},
    {"names are exact",
     "a, y\n1,2\n",
     0,
     {.target = "y"},
     BAD(ARGUMENT, "no column is named \"y\"")},
    {"target twice",
     "y,a,y\n1,2,3\n",
     0,
     {.target = "y"},
     BAD(FORMAT, "2 columns are named \"y\"")},
    {"target beyond", "a,y\n1,2\n", 0, {.target = "2"}, BAD(ARGUMENT, "from 0 to 1")},
    {"target before", "a,y\n1,2\n", 0, {.target = "-1"}, BAD(ARGUMENT, "from 0 to 1")},
    {"target by name without header",
     "1,2\n",
     0,
     {.no_header = true, .target = "y"},
     BAD(ARGUMENT, "there is no header")},
    {"empty class", "a,y\n1,x\n1,\n", 0, {.classify = true}, BAD(DATA, "line 3, column 2 \"y\"")},
    {"empty class where NaN is allowed",
     "a,y\n1,x\n1, \n",
     0,
     {.classify = true, .allow_nan = true},
     BAD(DATA, "is empty, expected a class")},
    {"a negative class",
     "a,y\n1,0\n1,-1\n",
     0,
     {.classify = true},
     BAD(DATA, "line 3: the class is \"-1\", expected an integer from 0")},
    {"half a class", "a,y\n1,0\n1,1.5\n", 0, {.classify = true}, BAD(DATA, "\"1.5\"")},
    {"a class that is nan among numbers",
     "a,y\n1,0\n1,nan\n",
     0,
     {.classify = true},
     BAD(DATA, "\"nan\"")},
    {"a class beyond all reason",
     "a,y\n1,0\n1,2000000000\n",
     0,
     {.classify = true},
     BAD(DATA, "\"2000000000\"")},
    {"no given class",
     "a,y\n1,red\n1,pink\n",
     0,
     {.classify = true, .class_names = colours},
     BAD(DATA, "line 3, column 2 \"y\": \"pink\" is none of .class_names")},
    {"class names twice",
     "a,y\n1,red\n",
     0,
     {.classify = true, .class_names = twice},
     BAD(ARGUMENT, "\"red\" twice")},
    {"no class names",
     "a,y\n1,red\n",
     0,
     {.classify = true, .class_names = none},
     BAD(ARGUMENT, "empty list")},
    {"class names without classify",
     "a,y\n1,2\n",
     0,
     {.class_names = colours},
     BAD(ARGUMENT, "without classify")},
    {"a quote as separator", "a,y\n1,2\n", 0, {.separator = '"'}, BAD(ARGUMENT, "0x22")},
    {"a digit as separator", "a,y\n1,2\n", 0, {.separator = '0'}, BAD(ARGUMENT, "separator")},
    {"a point as separator", "a,y\n1,2\n", 0, {.separator = '.'}, BAD(ARGUMENT, "separator")},
    {"a line end as separator", "a,y\n1,2\n", 0, {.separator = '\n'}, BAD(ARGUMENT, "separator")},
    {"a letter as separator", "a,y\n1,2\n", 0, {.separator = 'e'}, BAD(ARGUMENT, "separator")},
    {"classes where numbers are wanted", "a,y\n1,cat\n", 0, {0}, BAD(FORMAT, "\"cat\" is not")},
    {"JSON", "{\"a\": [1, 2]}\n", 0, {0}, BAD(FORMAT, "line 1, column 1: a quote inside")},
};

static bool same(float a, float b)
{
    return isnan(b) ? isnan(a) : a == b;
}

static void expect_content(const fixture *f, const cupel_dataset *data)
{
    const float *x = data->x;
    cupel_shape shape;
    cr_expect_eq(cupel_dataset_rows(data), f->rows, "%s", f->what);
    cupel_dataset_x_shape(data, &shape);
    cr_expect_eq(shape.rank, 1);
    cr_expect_eq(shape.dims[0], f->features, "%s", f->what);
    for (int64_t i = 0; i < f->rows * f->features; i++)
        cr_expect(same(x[i], f->x[i]), "%s: x[%d] is %g", f->what, (int)i, (double)x[i]);
    cr_expect_eq(data->y_type, f->config.classify ? CUPEL_INT32 : CUPEL_FLOAT32);
    for (int64_t i = 0; i < f->rows; i++) {
        if (f->config.classify) {
            cr_expect_eq(((const int32_t *)data->y)[i], f->labels[i], "%s: y[%d]", f->what, (int)i);
        } else {
            cr_expect(same(((const float *)data->y)[i], f->y[i]), "%s: y[%d]", f->what, (int)i);
        }
    }
    int64_t classes = 0;
    while (classes < 4 && f->names[classes] != NULL)
        classes++;
    cr_expect_eq(cupel_dataset_classes(data), classes, "%s", f->what);
    for (int64_t i = 0; i < classes; i++) {
        const char *name;
        cr_expect_eq(cupel_dataset_class_name(data, i, &name), CUPEL_OK);
        cr_expect_str_eq(name, f->names[i], "%s", f->what);
    }
}

static void expect_fixture(const fixture *f)
{
    cupel_dataset *data = (cupel_dataset *)(void *)(uintptr_t)64;
    save(f->text, f->count != 0 ? f->count : strlen(f->text));
    const cupel_status status = cupel_dataset_open_csv(PATH, &f->config, &data);
    cr_expect_eq(status, f->status, "%s: %s", f->what, cupel_last_error());
    cr_expect_eq(data == NULL, status != CUPEL_OK);
    if (status == CUPEL_OK) {
        expect_content(f, data);
    } else {
        cr_expect_not_null(strstr(cupel_last_error(), f->part), "%s: '%s' is not in '%s'", f->what,
                           f->part, cupel_last_error());
        if (status != CUPEL_ERROR_ARGUMENT) cr_expect_not_null(strstr(cupel_last_error(), PATH));
    }
    cupel_dataset_free(data);
}

static void expect_all_fixtures(void)
{
    cr_assert_geq(sizeof fixtures / sizeof *fixtures, 60);
    for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
        expect_fixture(&fixtures[i]);
}

Test(csv, fixtures)
{
    expect_all_fixtures();
}

/* Every boundary between two reads falls everywhere. */
static cupel_file_table system_files;
static ssize_t read_one(int fd, void *to, size_t count)
{
    return system_files.read(fd, to, count > 0 ? 1 : 0);
}

Test(csv, fixtures_byte_by_byte)
{
    system_files = cupel_files;
    cupel_files.read = read_one;
    expect_all_fixtures();
    cupel_files = system_files;
}

Test(csv, fixtures_with_a_decimal_comma)
{
    if (!comma_locale_set("de_DE")) cr_skip("no German locale");
    char text[8];
    snprintf(text, sizeof text, "%.1f", 1.5);
    cr_assert_str_eq(text, "1,5");
    expect_all_fixtures();
}

Test(csv, a_null_config_is_all_defaults)
{
    cupel_dataset *data;
    save("a,y\n1,2\n", 8);
    cr_assert_eq(cupel_dataset_open_csv(PATH, NULL, &data), CUPEL_OK);
    cr_expect_eq(cupel_dataset_rows(data), 1);
    cupel_dataset_free(data);
    cr_expect_eq(cupel_dataset_open_csv(NULL, NULL, &data), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(data);
    cr_expect_eq(cupel_dataset_open_csv(PATH, NULL, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_open_csv("nowhere.csv", NULL, &data), CUPEL_ERROR_IO);
    cr_expect_not_null(strstr(cupel_last_error(), "nowhere.csv"));
}

Test(csv, a_long_path_leaves_room_for_what_is_wrong)
{
    char path[FOLDER_LONG_PATH];
    cupel_dataset *data;
    folder_long_path(PATH, path);
    save("a,y\n1,2\n1,x\n", 12);
    cr_expect_eq(cupel_dataset_open_csv(path, NULL, &data), CUPEL_ERROR_FORMAT);
    cr_expect_not_null(strstr(cupel_last_error(), "./" PATH ": line 3, column 2 \"y\": \"x\" is not"),
                       "%s", cupel_last_error());
    save("a,y\n1,2\n\"1,2\n", 13);
    cr_expect_eq(cupel_dataset_open_csv(path, NULL, &data), CUPEL_ERROR_FORMAT);
    cr_expect_not_null(strstr(cupel_last_error(), "./" PATH ": line 3, column 1: the quote"), "%s",
                       cupel_last_error());
    save("a,y\n1,2\n", 8);
    cr_expect_eq(cupel_dataset_open_csv(path, &(cupel_csv_config){.target = "z"}, &data),
                 CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "there are \"a\", \"y\""), "%s", cupel_last_error());
}

Test(csv, class_names_have_bounds)
{
    cupel_dataset *data, *first, *last;
    const char *name;
    save("a,y\n1,cat\n2,dog\n", 16);
    cr_assert_eq(cupel_dataset_open_csv(PATH, &(cupel_csv_config){.classify = true}, &data),
                 CUPEL_OK);
    cr_expect_eq(cupel_dataset_class_name(data, -1, &name), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_class_name(data, 2, &name), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(name);
    cr_assert_eq(cupel_dataset_split(data, 0.5, &first, &last), CUPEL_OK);
    cupel_dataset_free(data);
    cr_expect_eq(cupel_dataset_classes(last), 2);
    cr_expect_eq(cupel_dataset_class_name(last, 0, &name), CUPEL_OK);
    cr_expect_str_eq(name, "cat");
    cupel_dataset_free(first);
    cupel_dataset_free(last);
}

/* A million columns are two rows of a million numbers. */
Test(csv, a_million_columns)
{
    const int64_t columns = 1000000;
    FILE *file = fopen(PATH, "wb");
    cr_assert_not_null(file);
    for (int row = 0; row < 2; row++) {
        for (int64_t i = 0; i < columns; i++)
            fprintf(file, "%s%d", i == 0 ? "" : ",", (int)(i % 10) + row);
        fputs("\r\n", file);
    }
    cr_assert_eq(fclose(file), 0);
    cupel_dataset *data;
    cr_assert_eq(cupel_dataset_open_csv(PATH, &(cupel_csv_config){.no_header = true}, &data),
                 CUPEL_OK, "%s", cupel_last_error());
    cr_expect_eq(cupel_dataset_rows(data), 2);
    cr_expect_eq(data->x_shape.dims[0], columns - 1);
    cr_expect_eq(((const float *)data->x)[columns - 1 + 999998], 9);
    cr_expect_eq(((const float *)data->y)[1], 10);
    cupel_dataset_free(data);
    remove(PATH);
}

static int64_t peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (int64_t)usage.ru_maxrss;
}

static void write_filled(const char *head, char byte, size_t count)
{
    char block[65536];
    memset(block, byte, sizeof block);
    FILE *file = fopen(PATH, "wb");
    cr_assert_not_null(file);
    fputs(head, file);
    for (; count > 0; count -= count < sizeof block ? count : sizeof block)
        fwrite(block, 1, count < sizeof block ? count : sizeof block, file);
    cr_assert_eq(fclose(file), 0);
}

Test(csv, a_huge_field_is_refused_in_little_memory)
{
    const char *const heads[] = {"a,y\n1,", "a,y\n1,\"", "", "\""};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        write_filled(heads[i], '7', (size_t)(i == 0 ? 64 : 8) << 20);
        const int64_t before = peak_kib();
        cupel_dataset *data;
        cr_expect_eq(cupel_dataset_open_csv(PATH, NULL, &data), CUPEL_ERROR_FORMAT);
        cr_expect_not_null(strstr(cupel_last_error(), "longer than 65536 bytes"));
        cr_expect_lt(peak_kib() - before, 4096);
    }
    remove(PATH);
}

Test(csv, a_field_may_be_long)
{
    char text[CUPEL_CSV_MOST_BYTES + 64];
    int head = snprintf(text, sizeof text, "a,y\n2,");
    memset(text + head, '0', CUPEL_CSV_MOST_BYTES);
    text[head + CUPEL_CSV_MOST_BYTES - 1] = '5';
    for (int beyond = 0; beyond < 2; beyond++) {
        save(text, (size_t)(head + CUPEL_CSV_MOST_BYTES));
        cupel_dataset *data;
        const cupel_status status = cupel_dataset_open_csv(PATH, NULL, &data);
        cr_expect_eq(status, beyond ? CUPEL_ERROR_FORMAT : CUPEL_OK, "%s", cupel_last_error());
        if (status == CUPEL_OK) cr_expect_eq(((const float *)data->y)[0], 5);
        cupel_dataset_free(data);
        memmove(text + head + 1, text + head, CUPEL_CSV_MOST_BYTES);
        head++;
    }
}

Test(csv, a_file_of_separators_is_refused)
{
    write_filled("", ',', CUPEL_CSV_MOST_COLUMNS + 10);
    cupel_dataset *data;
    cr_expect_eq(cupel_dataset_open_csv(PATH, NULL, &data), CUPEL_ERROR_FORMAT);
    cr_expect_not_null(strstr(cupel_last_error(), "more than 4194304 fields"));
    remove(PATH);
}

/* Enough rows for the memory to grow often, and for every boundary of a read to fall somewhere. */
Test(csv, many_rows)
{
    FILE *file = fopen(PATH, "wb");
    cr_assert_not_null(file);
    fputs("i,half,\"class, of i\"\n", file);
    const int rows = 60000;
    for (int i = 0; i < rows; i++)
        fprintf(file, i % 2 == 0 ? "%d,\"%d.5\",c%d\n" : "%d,%d.5,\"c%d\"\r\n", i, i, i * 7 % 100);
    cr_assert_eq(fclose(file), 0);
    cupel_dataset *data;
    cr_assert_eq(cupel_dataset_open_csv(PATH, &(cupel_csv_config){.classify = true}, &data),
                 CUPEL_OK, "%s", cupel_last_error());
    cr_expect_eq(cupel_dataset_rows(data), rows);
    cr_expect_eq(cupel_dataset_classes(data), 100);
    const float *x = data->x;
    const int32_t *y = data->y;
    for (int i = 0; i < rows; i++) {
        char expected[8];
        const char *name;
        snprintf(expected, sizeof expected, "c%d", i * 7 % 100);
        cr_assert_eq(x[2 * i], (float)i);
        cr_assert_eq(x[2 * i + 1], (float)i + 0.5F);
        cr_assert_eq(cupel_dataset_class_name(data, y[i], &name), CUPEL_OK);
        cr_assert_str_eq(name, expected);
    }
    cupel_dataset_free(data);
    remove(PATH);
}

static int warnings;
static void count_warning(void *user, int level, const char *text)
{
    (void)user;
    if (level == CUPEL_LOG_WARNING && strstr(text, ".no_header") != NULL) warnings++;
}

Test(csv, a_header_of_numbers_is_remarked_on)
{
    cupel_dataset *data;
    cupel_set_log(count_warning, NULL);
    save("1,2\n3,4\n", 8);
    cr_assert_eq(cupel_dataset_open_csv(PATH, NULL, &data), CUPEL_OK);
    cupel_dataset_free(data);
    cr_expect_eq(warnings, 1);
    save("a,2\n3,4\n", 8);
    cr_assert_eq(cupel_dataset_open_csv(PATH, NULL, &data), CUPEL_OK);
    cupel_dataset_free(data);
    cr_expect_eq(warnings, 1);
    cupel_set_log(NULL, NULL);
}

static const cupel_csv_config *fault_config;

static cupel_status open_and_free(void)
{
    cupel_dataset *data;
    const cupel_status status = cupel_dataset_open_csv(PATH, fault_config, &data);
    cr_expect_eq(data == NULL, status != CUPEL_OK);
    cupel_dataset_free(data);
    return status;
}

static void prepare_classes(void)
{
    FILE *file = fopen(PATH, "wb");
    cr_assert_not_null(file);
    fputs("a,b,y\n", file);
    for (int i = 0; i < 3000; i++)
        fprintf(file, "%d,%d,name%d\n", i, -i, i % 70);
    cr_assert_eq(fclose(file), 0);
}

Test(csv, no_allocation_is_taken_for_granted)
{
    static const cupel_csv_config configs[] = {
        {.classify = true}, {.target = "a", .classify = true}, {.target = "missing"}};
    const cupel_status outcomes[] = {CUPEL_OK, CUPEL_ERROR_FORMAT, CUPEL_ERROR_ARGUMENT};
    prepare_classes();
    fault_memory_install();
    fault_files_install();
    for (int c = 0; c < 3; c++) {
        int64_t n = 1, survived = 0;
        fault_config = &configs[c];
        for (;; n++) {
            fault_memory_arm(n, n % 2 == 0);
            const cupel_status status = open_and_free();
            cr_expect_eq(fault_memory_blocks(), 0);
            cr_expect_eq(fault_files_descriptors(), 0);
            if (fault_memory_disarm() == 0) {
                cr_expect_eq(status, outcomes[c], "%s", cupel_last_error());
                break;
            }
            /* Only giving back what is too much may fail unseen. */
            if (status == CUPEL_OK) survived++;
            if (status != CUPEL_OK) cr_expect_eq(status, CUPEL_ERROR_MEMORY);
        }
        cr_expect_geq(n, 8);
        cr_expect_leq(survived, 2);
    }
    fault_files_remove();
    fault_memory_remove();
}

Test(csv, no_file_operation_is_taken_for_granted)
{
    static const cupel_csv_config config = {.classify = true};
    fault_config = &config;
    prepare_classes();
    fault_memory_install();
    fault_files_install();
    int64_t n = 1, survived = 0;
    for (;; n++) {
        fault_files_arm(n, n % 2 == 0, EIO);
        const cupel_status status = open_and_free();
        cr_expect_eq(fault_memory_blocks(), 0);
        cr_expect_eq(fault_files_descriptors(), 0);
        if (fault_files_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            break;
        }
        /* A close after reading that fails loses nothing. */
        if (status == CUPEL_OK) {
            cr_expect_str_eq(fault_files_failed(), "close");
            survived++;
            continue;
        }
        cr_expect_eq(status, CUPEL_ERROR_IO, "operation %d", (int)n);
    }
    cr_expect_leq(survived, 1);
    cr_expect_geq(n, 5);
    fault_files_hamper(true);
    fault_files_arm(0, false, 0);
    cr_expect_eq(open_and_free(), CUPEL_OK);
    fault_files_remove();
    fault_memory_remove();
}
