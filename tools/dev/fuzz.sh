# shellcheck shell=bash
# ./dev fuzz [SECONDS] [TARGET…]: throws made-up input at every parser that reads what strangers write.
# Needs no nightly compiler: coverage comes from stable flags, libFuzzer from the crate libfuzzer-sys.

FUZZ_TARGETS=(reference document tar policy project)
FUZZ_FLAGS="--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"

cmd_fuzz() {
    local seconds=600 target triple
    if [[ ${1:-} =~ ^[0-9]+$ ]]; then seconds=$1 && shift; fi
    [ $# -gt 0 ] || set -- "${FUZZ_TARGETS[@]}"
    for target in "$@"; do
        case " ${FUZZ_TARGETS[*]} " in *" $target "*) ;; *) die "there is no target $target: ${FUZZ_TARGETS[*]}" ;; esac
    done
    find_cargo
    has cargo || check_rust
    triple=$(rustc -vV | sed -n 's/^host: //p')
    # The flags go to the target only: build scripts and macros stay as they are.
    RUSTFLAGS=$FUZZ_FLAGS cargo build --release --manifest-path fuzz/Cargo.toml --target "$triple" --target-dir fuzz/target
    for target in "$@"; do
        fuzz_one "$target" "$seconds" "fuzz/target/$triple/release/$target"
    done
}

# Finds are kept: new inputs in fuzz/corpus, crashes in fuzz/artifacts; either makes the next run better.
fuzz_one() {
    local target=$1 seconds=$2 program=$3
    step "$target" "${seconds}s" "fuzzing"
    mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
    # Unpacking is quicker in memory.
    if [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi
    # A parser that takes longer than 10 seconds or 1 GB over one input has failed too.
    if ! nice -n 19 "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=16384 \
        -artifact_prefix="fuzz/artifacts/$target/" -print_final_stats=1 "fuzz/corpus/$target" "fuzz/seeds/$target" \
        >"fuzz/artifacts/$target.log" 2>&1; then
        tail -n 40 "fuzz/artifacts/$target.log" >&2
        die "$target failed: the input is in fuzz/artifacts/$target/; make a test of it"
    fi
    sed -n 's/^stat::number_of_executed_units: */      inputs: /p' "fuzz/artifacts/$target.log"
}
