/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops activation and activation_backward. */
#include "cpu_ops.h"

#define SLOPE 0.2

static const struct {
    const char *name;
    cupel_activation kind;
    bool needs_x; /* its derivative is made from x, not from y */
} kinds[] = {
    {"linear", CUPEL_LINEAR, false},         {"relu", CUPEL_RELU, false},
    {"sigmoid", CUPEL_SIGMOID, false},       {"tanh", CUPEL_TANH, false},
    {"leaky_relu", CUPEL_LEAKY_RELU, false}, {"elu", CUPEL_ELU, false},
    {"selu", CUPEL_SELU, false},             {"gelu", CUPEL_GELU, true},
    {"silu", CUPEL_SILU, true},              {"softplus", CUPEL_SOFTPLUS, false},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void forward(cupel_precision precision, cupel_exec *x, cupel_activation kind, const void *in,
                    void *out, int64_t n)
{
    const cupel_activation_args args = {
        .x = in, .y = out, .count = n, .activation = kind, .slope = SLOPE};
    cpu_run(precision, x, CUPEL_OP_activation, &args);
}

static void backward(cupel_precision precision, cupel_exec *x, size_t k, const void *dy,
                     const void *in, const void *out, void *dx, int64_t n)
{
    const cupel_activation_backward_args args = {
        .dy = dy, .x = kinds[k].needs_x ? in : NULL, .y = out, .dx = dx, .count = n,
        .activation = kinds[k].kind, .slope = SLOPE};
    cpu_run(precision, x, CUPEL_OP_activation_backward, &args);
}

/* Values and derivatives of Keras 3.16 on JAX at these points. At 0 Keras's leaky ReLU has the
 * derivative 1, cupel's the slope. */
Test(activate, as_keras)
{
    const double at[] = {-3, -.5, 0, .5, 3}, one[] = {1, 1, 1, 1, 1};
    static const struct {
        double y[5], dx[5];
    } keras[KINDS] = {
        {{-3, -.5, 0, .5, 3}, {1, 1, 1, 1, 1}},
        {{0, 0, 0, .5, 3}, {0, 0, 0, 1, 1}},
        {{0.04742587317756678, 0.3775406687981454, .5, 0.6224593312018546, 0.9525741268224334},
         {0.04517665973091214, 0.2350037122015945, .25, 0.2350037122015945, 0.045176659730912}},
        {{-0.9950547536867305, -0.46211715726000976, 0, 0.46211715726000976, 0.9950547536867305},
         {0.009866037165440192, 0.7864477329659274, 1, 0.7864477329659274, 0.009866037165440192}},
        {{-.6, -.1, 0, .5, 3}, {.2, .2, .2, 1, 1}},
        {{-0.950212931632136, -0.3934693402873665, 0, .5, 3},
         {0.04978706836786395, 0.6065306597126334, 1, 1, 1}},
        {{-1.6705687287671118, -0.6917581878028712, 0, 0.5253504936777402, 3.1521029620664414},
         {0.08753061208026489, 1.0663411530445053, 1.7580993408473766, 1.0507009873554805,
          1.0507009873554805}},
        {{-0.004049694094890279, -0.15426876936299344, 0, 0.34573123063700656, 2.99595030590511},
         {-0.01194564720418392, 0.13250487534383715, .5, 0.8674951246561629, 1.011945647204184}},
        {{-0.14227761953270035, -0.1887703343990727, 0, 0.3112296656009273, 2.8577223804673},
         {-0.08810410601516963, 0.2600388126973482, .5, 0.7399611873026518, 1.0881041060151693}},
        {{0.04858735157374206, 0.4740769841801067, 0.6931471805599453, 0.9740769841801067,
          3.048587351573742},
         {0.04742587317756678, 0.3775406687981454, .5, 0.6224593312018546, 0.9525741268224333}},
    };
    cupel_control control = {.weights = NULL};
    CPU_EACH(precision) {
        cupel_exec x = cpu_exec(&control, 1);
        const double limit = precision == CUPEL_PRECISION_FLOAT32 ? 3e-7 : 1e-14;
        for (size_t k = 0; k < KINDS; k++) {
            void *in = cpu_tensor(precision, at, 5), *out = cpu_tensor(precision, NULL, 5);
            void *dy = cpu_tensor(precision, one, 5), *dx = cpu_tensor(precision, NULL, 5);
            forward(precision, &x, kinds[k].kind, in, out, 5);
            cpu_expect(kinds[k].name, precision, out, keras[k].y, 5, limit);
            backward(precision, &x, k, dy, in, out, dx, 5);
            cpu_expect(kinds[k].name, precision, dx, keras[k].dx, 5, limit);
        }
    }
}

Test(activate, gradient_by_central_differences)
{
    enum { N = 257 };
    const double h = 1e-5;
    double in[N], up[N], down[N], dy[N];
    uint64_t state = 5;
    for (int i = 0; i < N; i++) {
        in[i] = cpu_random(&state, -6, 6);
        if (fabs(in[i]) < 1e-3) in[i] = 1; /* no kink between the two points */
        up[i] = in[i] + h;
        down[i] = in[i] - h;
        dy[i] = cpu_random(&state, -2, 2);
    }
    cupel_control control = {.weights = NULL};
    cupel_exec x = cpu_exec(&control, 1);
    for (size_t k = 0; k < KINDS; k++) {
        double y[N], above[N], below[N], dx[N], numeric[N];
        forward(CUPEL_PRECISION_FLOAT64, &x, kinds[k].kind, in, y, N);
        forward(CUPEL_PRECISION_FLOAT64, &x, kinds[k].kind, up, above, N);
        forward(CUPEL_PRECISION_FLOAT64, &x, kinds[k].kind, down, below, N);
        backward(CUPEL_PRECISION_FLOAT64, &x, k, dy, in, y, dx, N);
        for (int i = 0; i < N; i++)
            numeric[i] = dy[i] * (above[i] - below[i]) / (2 * h);
        cpu_expect(kinds[k].name, CUPEL_PRECISION_FLOAT64, dx, numeric, N, 1e-6);
    }
}

/* dx may be dy, y may be x; and two threads give the bits of one. */
Test(activate, in_place_and_threads)
{
    enum { N = 70001 };
    cupel_control control = {.weights = NULL};
    static double values[N];
    uint64_t state = 9;
    for (int i = 0; i < N; i++)
        values[i] = cpu_random(&state, -5, 5);
    CPU_EACH(precision) {
        cupel_exec x = cpu_exec(&control, 1), team = cpu_exec(&control, 2);
        for (size_t k = 0; k < KINDS; k++) {
            void *in = cpu_tensor(precision, values, N), *same = cpu_tensor(precision, values, N);
            void *out = cpu_tensor(precision, NULL, N), *dx = cpu_tensor(precision, NULL, N);
            forward(precision, &x, kinds[k].kind, in, out, N);
            forward(precision, &team, kinds[k].kind, same, same, N);
            cr_expect(memcmp(out, same, N * cpu_size(precision)) == 0, "%s", kinds[k].name);
            void *dy = cpu_tensor(precision, values, N);
            backward(precision, &x, k, dy, in, out, dx, N);
            backward(precision, &team, k, dy, in, out, dy, N);
            cr_expect(memcmp(dx, dy, N * cpu_size(precision)) == 0, "%s'", kinds[k].name);
            cpu_release();
        }
    }
}

Test(activate, edges)
{
    const double at[] = {NAN, INFINITY, -INFINITY, 1e30, -1e30};
    const double expected[KINDS][5] = {
        {NAN, INFINITY, -INFINITY, 1e30, -1e30},
        {NAN, INFINITY, 0, 1e30, 0},
        {NAN, 1, 0, 1, 0},
        {NAN, 1, -1, 1, -1},
        {NAN, INFINITY, -INFINITY, 1e30, -2e29},
        {NAN, INFINITY, -1, 1e30, -1},
        {NAN, INFINITY, -1.7580993408473766, 1.0507009873554805e30, -1.7580993408473766},
        {NAN, INFINITY, NAN, 1e30, 0},
        {NAN, INFINITY, NAN, 1e30, 0},
        {NAN, INFINITY, 0, 1e30, 0},
    };
    cupel_control control = {.weights = NULL};
    CPU_EACH(precision) {
        cupel_exec x = cpu_exec(&control, 1);
        for (size_t k = 0; k < KINDS; k++) {
            void *in = cpu_tensor(precision, at, 5), *out = cpu_tensor(precision, NULL, 5);
            forward(precision, &x, kinds[k].kind, in, out, 5);
            cpu_expect(kinds[k].name, precision, out, expected[k], 5, 2e-7);
        }
    }
}

/* The sign at a kink is in the hash of branches, and nothing else is. */
Test(activate, branches)
{
    const double a[] = {-1, 2, 3}, b[] = {-4, 1, 5}, c[] = {-1, 2, -3};
    cupel_control control = {.weights = NULL};
    for (size_t k = 0; k < KINDS; k++) {
        uint64_t hash[3] = {0};
        double y[3];
        const double *in[] = {a, b, c};
        for (int i = 0; i < 3; i++) {
            cupel_exec x = cpu_exec(&control, 1);
            x.branches = &hash[i];
            forward(CUPEL_PRECISION_FLOAT64, &x, kinds[k].kind, in[i], y, 3);
        }
        const bool kink = kinds[k].kind == CUPEL_RELU || kinds[k].kind == CUPEL_LEAKY_RELU ||
                          kinds[k].kind == CUPEL_ELU || kinds[k].kind == CUPEL_SELU;
        cr_expect_eq(hash[0], hash[1], "%s", kinds[k].name);
        cr_expect_eq(hash[0] != hash[2], kink, "%s", kinds[k].name);
    }
}
