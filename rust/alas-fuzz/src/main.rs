//! Hands a target to libFuzzer, which has the command line: `ALAS_FUZZ_TARGET=parser alas-fuzz FOLDER -runs=1000`.
//! `tools/fuzz.py` builds it and calls it.
#![no_main]

use std::sync::LazyLock;

use alas_fuzz::{Target, Verdict, mutate};
use fastrand::Rng;
use libfuzzer_sys::{Corpus, fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("ALAS_FUZZ_TARGET").unwrap_or_default();
    Target::of_name(&name).expect("ALAS_FUZZ_TARGET is parser, checker or engine")
});

fuzz_target!(|input: &[u8]| -> Corpus {
    match TARGET.run(input) {
        // What the checker refuses never runs: it is of no use to what comes behind.
        Verdict::Refused if *TARGET == Target::Engine => Corpus::Reject,
        Verdict::Refused | Verdict::Accepted => Corpus::Keep,
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = Rng::with_seed(seed.into());
    let trees = match *TARGET {
        Target::Parser => 2,
        Target::Checker => 8,
        Target::Engine => 10,
    };
    let text = &data[..size];
    let fresh = match random.u8(..10) {
        choice if choice < trees => {
            mutate::change_tree(text, &mut random).or_else(|| Some(mutate::new_program(&mut random)))
        }
        choice if choice % 2 == 0 => Some(mutate::change_text(text, &mut random)),
        _ => None,
    };
    match fresh {
        Some(fresh) if fresh.len() <= max_size => {
            data[..fresh.len()].copy_from_slice(&fresh);
            fresh.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});

fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
    let crossed = mutate::cross(one, other, &mut Rng::with_seed(seed.into()));
    match crossed {
        Some(crossed) if crossed.len() <= out.len() => {
            out[..crossed.len()].copy_from_slice(&crossed);
            crossed.len()
        }
        // Nothing came of it; libFuzzer goes on with another change.
        _ => 0,
    }
});
