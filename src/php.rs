//! What PHP sees, in the order of the stub. Everything in `php/` is a thin layer over the core.

mod arguments;
mod class;
mod diagnosis;
mod engine;
mod enums;
mod environment;
mod exceptions;
mod functions;
mod headers;
mod key;
mod parameters;
mod profile;
mod signer;
mod values;
mod verifier;

use ext_php_rs::builders::ModuleBuilder;
use ext_php_rs::ffi::{ZEND_RESULT_CODE_FAILURE, ZEND_RESULT_CODE_SUCCESS};

use crate::diagnosis::{Cause, Verdict};
use crate::digest::Encoding;
use crate::key::sha256_implementation;
use crate::profile::Profile;
use crate::rejection::Reason;
use crate::timestamp::TimestampFormat;

use arguments::{Function, builder, complete};
use class::{Class as _, register_native, register_plain};
use enums::Enum as _;

const NAME: &str = "hw_signature";
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module
        .name(NAME)
        .version(VERSION)
        .startup_function(engine::startup)
        .info_function(engine::info)
        .constant(("HwSignature\\VERSION", VERSION, &[]))
        .constant(("HwSignature\\ANY_AGE", environment::ANY_AGE, &[]))
        .function(builder::<functions::Sign>())
        .function(builder::<functions::Verify>())
        .function(builder::<functions::ParseHeader>())
        .function(builder::<functions::Diagnose>())
}

fn startup() -> i32 {
    match register() {
        Ok(()) => ZEND_RESULT_CODE_SUCCESS,
        Err(error) => {
            let message = format!("{NAME}: {error:#}");
            ext_php_rs::error::php_error(&ext_php_rs::flags::ErrorType::CoreWarning, &message);
            ZEND_RESULT_CODE_FAILURE
        }
    }
}

fn register() -> anyhow::Result<()> {
    use anyhow::Context as _;

    Encoding::register().context("Encoding")?;
    TimestampFormat::register().context("TimestampFormat")?;
    Reason::register().context("Reason")?;
    Verdict::register().context("Verdict")?;
    Cause::register().context("Cause")?;

    register_plain::<exceptions::Base>().context("HwSignatureException")?;
    register_plain::<exceptions::MalformedHeader>().context("MalformedHeaderException")?;
    register_plain::<exceptions::SignatureRejected>().context("SignatureRejectedException")?;
    register_plain::<exceptions::ReplayGuard>().context("ReplayGuardException")?;

    register_plain::<values::SignatureHeader>().context("SignatureHeader")?;
    register_plain::<values::Verified>().context("Verified")?;
    register_plain::<diagnosis::Finding>().context("Finding")?;

    register_native::<key::PhpKey>().context("Key")?;
    register_native::<profile::PhpProfile>().context("Profile")?;
    register_native::<signer::PhpSigner>().context("Signer")?;
    register_native::<signer::PhpSigningStream>().context("SigningStream")?;
    register_native::<verifier::PhpVerifier>().context("Verifier")?;
    register_native::<verifier::PhpVerifyingStream>().context("VerifyingStream")?;
    register_native::<diagnosis::PhpDiagnosis>().context("Diagnosis")?;

    headers::intern_names();
    engine::make_shown::<profile::PhpProfile>();
    key::PhpKey::complete();
    signer::PhpSigner::complete();
    verifier::PhpVerifier::complete();
    complete_function::<functions::Sign>();
    complete_function::<functions::Verify>();
    complete_function::<functions::Diagnose>();
    Ok(())
}

fn complete_function<F: Function>() {
    complete(None, F::NAME, F::PARAMETERS);
}

/// The page in phpinfo.
fn info_rows() -> [(&'static str, String); 4] {
    let profiles: Vec<&str> = Profile::all().iter().map(|profile| profile.name()).collect();
    [
        ("hw_signature support", "enabled".to_owned()),
        ("Version", VERSION.to_owned()),
        ("SHA-256 implementation", sha256_implementation().to_owned()),
        ("Profiles", profiles.join(", ")),
    ]
}
