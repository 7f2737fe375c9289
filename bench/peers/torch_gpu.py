# SPDX-FileCopyrightText: 2026 The cupel authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of bench/cases.c in PyTorch, as peer.py says; --device cpu proves the logic.

torch eager     what a user writes, with fused Adam
torch compile   torch.compile of forward and loss, fused Adam
torch reduce    the same with mode="reduce-overhead"
torch graph     a graph of the whole step by hand, with capturable fused Adam: the strongest
"""
import argparse
import sys

try:
    import torch
except ImportError:
    print("skipped: no torch")
    sys.exit(0)

import peer

IMPLS = ["eager", "compile", "reduce", "graph"]


def make_network(case, device):
    layers = []
    for i, (n_in, n_out) in enumerate(zip(case.widths, case.widths[1:])):
        linear = torch.nn.Linear(n_in, n_out)
        torch.nn.init.xavier_uniform_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
        layers.append(linear)
        if i < case.layers - 1:
            layers.append(torch.nn.ReLU())
    return torch.nn.Sequential(*layers).to(device)


def make_batch(case, device):
    x = torch.randn(case.batch, case.widths[0], device=device)
    if case.regression:
        return x, torch.randn(case.batch, case.widths[-1], device=device), torch.nn.MSELoss()
    y = torch.randint(case.widths[-1], (case.batch,), device=device)
    return x, y, torch.nn.CrossEntropyLoss()


def capture(step, device):
    """The whole step as one graph; a few steps on a stream of its own come before, as PyTorch asks."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    device = parser.parse_args().device
    on_card = device != "cpu"
    if on_card and not torch.cuda.is_available():
        print("skipped: no CUDA in torch")
        return

    def wait():
        if on_card:
            torch.cuda.synchronize()

    def make_step(case, compute, impl):
        torch.manual_seed(1)
        if on_card:
            torch.cuda.reset_peak_memory_stats()
        exact = "highest" if compute == "float32" else "high"
        model = make_network(case, device)
        x, y, loss_of = make_batch(case, device)
        settings = {"lr": peer.LEARNING_RATE}
        if on_card:
            settings.update(fused=True, capturable=impl == "graph")
        optimizer = torch.optim.Adam(model.parameters(), **settings)

        def forward(x, y):
            with torch.autocast(device, torch.bfloat16, enabled=compute == "bfloat16",
                                cache_enabled=impl != "graph"):
                return loss_of(model(x).float(), y)

        run = forward
        if impl in ("compile", "reduce"):
            run = torch.compile(forward, mode="reduce-overhead" if impl == "reduce" else "default")

        def eager_step():
            optimizer.zero_grad(set_to_none=True)
            run(x, y).backward()
            optimizer.step()

        torch.set_float32_matmul_precision(exact)
        step = capture(eager_step, device) if impl == "graph" else eager_step

        def exact_step():
            # It is a setting of the process, which other cases may have changed.
            if torch.get_float32_matmul_precision() != exact:
                torch.set_float32_matmul_precision(exact)
            step()

        def loss():
            with torch.no_grad():
                return float(forward(x, y))

        def facts():
            return {"impl_version": torch.__version__,
                    "launches_per_step": 1 if impl == "graph" else None,
                    "peak_bytes": torch.cuda.max_memory_allocated() if on_card else None}

        return (step if impl == "graph" else exact_step), wait, loss, 1, facts

    impls = IMPLS if on_card else ["eager"]
    if not hasattr(torch, "compile"):
        impls = [i for i in impls if i not in ("compile", "reduce")]
    print("ready: " + " ".join(impls), flush=True)
    peer.answer("torch", make_step, torch.cuda.get_device_name() if on_card else "cpu")


if __name__ == "__main__":
    main()
