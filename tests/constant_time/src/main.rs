//! Looks for branches and indices that depend on a secret: `make constant-time`.
//!
//! Secret bytes are declared undefined to valgrind's memcheck, which then reports every jump and every address that
//! depends on them. What may depend on them is the outcome alone: one branch for each key that is tried.

use core::arch::asm;
use core::hint::black_box;

use hw_signature::digest::{DIGEST_LENGTH, Digest};
use hw_signature::key::Key;
use hw_signature::profile::Profile;
use hw_signature::verify::verify;

use exchange::{ANY_AGE, received};
use genuine::sign;

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../../support/exchange.rs"]
mod exchange;
#[allow(dead_code, reason = "shared with the fuzz targets")]
#[path = "../../support/genuine.rs"]
mod genuine;

/// Requests to valgrind, from valgrind.h and memcheck.h.
#[derive(Clone, Copy)]
#[repr(usize)]
enum ToValgrind {
    RunningOnValgrind = 0x1001,
    CountErrors = 0x1201,
    MakeUndefined = 0x4d43_0001,
    MakeDefined = 0x4d43_0002,
}

/// Asks valgrind. On a bare CPU it does nothing, and the answer is 0.
fn ask(request: ToValgrind, address: usize, length: usize) -> usize {
    let arguments = [request as usize, address, length, 0, 0, 0];
    let mut answer = 0;
    // SAFETY: four rotations by 128 bits in all, and an exchange of a register with itself, change nothing but what
    // valgrind puts into rdx. It reads the arguments, and changes only whether bytes count as defined.
    unsafe {
        asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            in("rax") &raw const arguments, inout("rdx") answer, out("rdi") _,
        );
    }
    answer
}

fn make_secret<T: ?Sized>(value: &T) {
    ask(ToValgrind::MakeUndefined, core::ptr::from_ref(value).addr(), size_of_val(value));
}

fn make_public<T: ?Sized>(value: &T) {
    ask(ToValgrind::MakeDefined, core::ptr::from_ref(value).addr(), size_of_val(value));
}

/// How many branches and indices `run` makes that depend on a secret.
fn leaks(run: impl FnOnce()) -> usize {
    let before = ask(ToValgrind::CountErrors, 0, 0);
    run();
    ask(ToValgrind::CountErrors, 0, 0) - before
}

/// Compares two digests, one of them secret, which agree in so many of their first bytes.
fn compare(agreeing: usize, equal: impl FnOnce(&Digest, &Digest) -> bool) -> usize {
    let received = Digest::new([7; DIGEST_LENGTH]);
    let mut bytes = [7; DIGEST_LENGTH];
    bytes[agreeing..].fill(8);
    let computed = Digest::new(bytes);
    make_secret(&computed);
    leaks(|| {
        let outcome = black_box(equal(black_box(&computed), black_box(&received)));
        make_public(&outcome);
        assert_eq!(outcome, agreeing == DIGEST_LENGTH);
    })
}

/// Verifies a request under a secret key, and another one that comes first.
fn verification(profile: &Profile, genuine: bool) -> usize {
    let secret = b"a key that signs";
    let mut exchange = genuine::genuine(profile.clone());
    exchange.key = secret.to_vec();
    sign(&mut exchange);
    let headers = exchange.headers();
    let (received, request) = (received(&headers), exchange.arrived(&headers));
    let (first, second) = (*b"some other key..", *secret);
    make_secret(&first);
    make_secret(&second);
    let payload: &[u8] = if genuine { b"payload" } else { b"Payload" };
    leaks(|| {
        let keys =
            [Key::from_bytes(black_box(&first)).unwrap(), Key::from_bytes(black_box(&second)).unwrap()];
        let result = verify(profile, &keys, &received, &request, payload, ANY_AGE);
        let accepted = result.is_ok();
        make_public(&accepted);
        assert_eq!(accepted, genuine, "{}", profile.name());
    })
}

fn main() {
    if ask(ToValgrind::RunningOnValgrind, 0, 0) == 0 {
        eprintln!("This says something under valgrind only: make constant-time");
        std::process::exit(2);
    }
    let mut failed = false;
    let mut report = |what: &str, found: usize, fine: bool| {
        failed |= !fine;
        println!("{} {what}: {found}", if fine { "ok    " } else { "FAILED" });
    };
    for agreeing in [0, 1, 8, 31, DIGEST_LENGTH] {
        let found = compare(agreeing, |one, other| one == other);
        report(&format!("Digest::eq, {agreeing} bytes agree"), found, found == 0);
    }
    // The harness has to see what a comparison looks like that leaves early.
    let found = compare(DIGEST_LENGTH, |one, other| {
        black_box(&one.as_bytes()[..]) == black_box(&other.as_bytes()[..])
    });
    report("a planted comparison of slices is seen", found, found > 0);
    for profile in Profile::all() {
        for (genuine, name) in [(true, "genuine"), (false, "forged")] {
            let found = verification(profile, genuine);
            report(&format!("verify, {}, {name}, two keys", profile.name()), found, (1..=2).contains(&found));
        }
    }
    std::process::exit(failed.into());
}
