//! The nonce written otherwise in the string to sign than in the header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::diagnosis::alternative::Commonness::Rare;
use crate::diagnosis::alternative::{Alternatives, add_as};
use crate::diagnosis::cause::Cause;
use crate::diagnosis::draft::{Draft, Parts};
use crate::diagnosis::fault::Fault;
use crate::diagnosis::transit::replace;
use crate::nonce::{MAX_NONCE_LENGTH, Nonce};
use crate::request::{percent_decode, percent_encode};

pub(super) fn alternatives(own: &Draft, parts: &Parts<'_>, list: &mut Alternatives<Draft>) {
    let sent = parts.nonce;
    let is_unique = parts.profile.nonce().is_some_and(Nonce::is_unique);
    if !is_unique || sent.is_empty() || sent.len() > MAX_NONCE_LENGTH {
        return;
    }
    let hex = base16ct::mixed::decode_vec(sent).unwrap_or_default();
    let without_hyphens = replace(sent, b"-", b"");
    let uuid = base16ct::mixed::decode_vec(&without_hyphens).unwrap_or_default();
    for (nonce, what) in [
        (sent.to_ascii_lowercase(), "in lower case"),
        (sent.to_ascii_uppercase(), "in upper case"),
        (hex, "the bytes that it is in hexadecimal"),
        (STANDARD.decode(sent).unwrap_or_default(), "the bytes that it is in base64"),
        (base16ct::lower::encode_string(sent).into_bytes(), "in hexadecimal once more"),
        (without_hyphens, "without its hyphens"),
        (uuid, "the 16 bytes of the UUID"),
        (percent_decode(sent, false), "percent-decoded"),
        (percent_decode(sent, true), "percent-decoded, with each + a space"),
        (percent_encode(sent).into_bytes(), "percent-encoded"),
    ] {
        if nonce.is_empty() || nonce == sent {
            continue;
        }
        let fault = Fault::with(Cause::NonceDiffers, what);
        add_as(Rare, list, Draft { nonce: Some(nonce.into()), ..own.clone() }, vec![fault]);
    }
}
