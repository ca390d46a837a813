//! A string to sign as the sender may have built it, and what it is built from.

use alloc::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::case::Context;
use crate::header::MAX_HEADER_LENGTH;
use crate::key::Hash;
use crate::profile::Profile;
use crate::received::{HeaderValue, Received};
use crate::request::{Canonical, Target};
use crate::template::{Field, Piece, RareValues, StringToSign, Values, write_pieces};

/// A string to sign: its template, and what stands for the request in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Draft {
    // Shared, since hundreds of drafts differ in one of them only, and a target may be long.
    pub(super) method: Rc<[u8]>,
    /// In the form in which it is signed: see [`plain`].
    pub(super) path: Rc<[u8]>,
    pub(super) query: Rc<[u8]>,
    /// In place of the one that was sent.
    pub(super) nonce: Option<Rc<[u8]>>,
    /// How the hash is written that stands for the payload.
    pub(super) hash: HashText,
    /// How the hash of the payload is written in the canonical request.
    pub(super) request_hash: HashText,
    /// The template of the canonical request whose hash stands for the payload; empty where there is none.
    pub(super) request: Rc<[Piece]>,
    // What takes longest to compare comes last.
    pub(super) pieces: Vec<Piece>,
    /// What few contracts sign.
    pub(super) rare: Option<Rc<RareValues>>,
}

impl Draft {
    /// The profile's own.
    pub(super) fn own(parts: &Parts<'_>) -> Self {
        let string_to_sign = parts.profile.string_to_sign();
        let plain =
            |pieces: Vec<Piece>| pieces.into_iter().map(|piece| plain(piece, string_to_sign)).collect();
        let draft = Self {
            pieces: plain(string_to_sign.pieces()),
            method: (&*parts.canonical.method).into(),
            path: Rc::default(),
            query: Rc::default(),
            nonce: None,
            hash: HashText::LowerHex,
            rare: None,
            request: plain(string_to_sign.canonical_pieces()).into(),
            request_hash: HashText::LowerHex,
        };
        draft.to(string_to_sign, parts.canonical)
    }

    /// The same to the target of another request.
    pub(super) fn to(self, string_to_sign: &StringToSign, canonical: &Canonical<'_>) -> Self {
        let mut draft = Self {
            path: (&*canonical.path).into(),
            query: canonical.query.as_bytes().into(),
            rare: None,
            ..self
        };
        if let Some(rare) = &canonical.rare {
            let mut rare = RareValues::clone(rare);
            if signs_instead(string_to_sign, Field::CanonicalPath, Field::Path) {
                draft.path = core::mem::take(&mut rare.canonical_path).into_bytes().into();
            }
            if signs_instead(string_to_sign, Field::CanonicalQuery, Field::Query) {
                draft.query = core::mem::take(&mut rare.canonical_query).into_bytes().into();
            }
            draft.rare = Some(rare.into());
        }
        draft
    }

    /// The same by another template.
    pub(super) fn of(&self, pieces: Vec<Piece>) -> Self {
        // Not the rest of a clone, which would copy the own pieces to drop them.
        Self {
            pieces,
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            nonce: self.nonce.clone(),
            rare: self.rare.clone(),
            request: self.request.clone(),
            ..*self
        }
    }

    /// The same without a field in the string to sign, and without the separator behind it.
    pub(super) fn without(self, field: Field) -> Self {
        Self { pieces: without(&self.pieces, field), ..self }
    }

    /// The same without a field in the canonical request.
    pub(super) fn without_in_request(self, field: Field) -> Self {
        Self { request: without(&self.request, field).into(), ..self }
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.pieces.contains(&Piece::Field(field))
    }

    /// Whether the string to sign or the canonical request has the field.
    pub(super) fn signs(&self, field: Field) -> bool {
        self.has(field) || self.requests(field)
    }

    /// Whether the canonical request has the field.
    pub(super) fn requests(&self, field: Field) -> bool {
        self.request.contains(&Piece::Field(field))
    }

    /// Writes the canonical request of a payload with that hash.
    pub(super) fn write_request(
        &self,
        values: &Values<'_>,
        payload: &[u8],
        hash: &[u8],
        sink: &mut impl FnMut(&[u8]),
    ) {
        for piece in &*self.request {
            match piece {
                Piece::Field(Field::Payload) => sink(payload),
                Piece::Field(Field::PayloadSha256) => sink(&self.request_hash.of(hash)),
                piece => write_pieces(core::slice::from_ref(piece), values, sink),
            }
        }
    }

    /// The SHA-256 of that, in lower-case hex.
    pub(super) fn hash_request(&self, values: &Values<'_>, payload: &[u8], hash: &[u8]) -> [u8; 64] {
        let mut of_request = Hash::default();
        self.write_request(values, payload, hash, &mut |piece| of_request.update(piece));
        of_request.finish_hex()
    }
}

/// A piece with path and query under one name each, whatever form of them is signed: only one form of each is.
fn plain(piece: Piece, string_to_sign: &StringToSign) -> Piece {
    match piece {
        Piece::Field(form @ Field::CanonicalPath) if signs_instead(string_to_sign, form, Field::Path) => {
            Piece::Field(Field::Path)
        }
        Piece::Field(form @ Field::CanonicalQuery) if signs_instead(string_to_sign, form, Field::Query) => {
            Piece::Field(Field::Query)
        }
        piece => piece,
    }
}

/// Pieces without a field, and without the separator behind it, or before it where it is the last.
fn without(pieces: &[Piece], field: Field) -> Vec<Piece> {
    let mut pieces = pieces.to_vec();
    let Some(index) = pieces.iter().position(|piece| *piece == Piece::Field(field)) else { return pieces };
    let is_separator = |place: Option<usize>| match place.and_then(|place| pieces.get(place)) {
        Some(Piece::Literal(text)) => !text.bytes().any(|byte| byte.is_ascii_alphanumeric()),
        _ => false,
    };
    let (first, last) = if index + 1 < pieces.len() {
        let separated = matches!(pieces.get(index + 1), Some(Piece::Literal(_)));
        (index, index + usize::from(separated))
    } else {
        (index - usize::from(is_separator(index.checked_sub(1))), index)
    };
    pieces.drain(first..=last);
    pieces
}

/// Whether the one form is signed, and the other is not.
pub(super) fn signs_instead(string_to_sign: &StringToSign, form: Field, other: Field) -> bool {
    string_to_sign.has(form) && !string_to_sign.has(other)
}

/// How `{payload_sha256}` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum HashText {
    LowerHex,
    UpperHex,
    Base64,
    Raw,
}

impl HashText {
    /// The text of a hash that is given in lower-case hex.
    pub(super) fn of(self, hex: &[u8]) -> Vec<u8> {
        match self {
            Self::LowerHex => hex.to_vec(),
            Self::UpperHex => hex.to_ascii_uppercase(),
            Self::Raw => base16ct::mixed::decode_vec(hex).unwrap_or_default(),
            Self::Base64 => base16ct::mixed::decode_vec(hex)
                .map(|bytes| STANDARD.encode(bytes).into_bytes())
                .unwrap_or_default(),
        }
    }
}

/// What the drafts are made from.
pub(super) struct Parts<'a> {
    pub(super) profile: &'a Profile,
    pub(super) canonical: &'a Canonical<'a>,
    /// In upper case.
    pub(super) method: &'a [u8],
    pub(super) target: Target<'a>,
    /// The target as it was given.
    pub(super) whole_target: &'a [u8],
    pub(super) context: Context<'a>,
    pub(super) timestamp: &'a [u8],
    pub(super) nonce: &'a [u8],
    pub(super) key_id: &'a [u8],
    pub(super) payload: &'a [u8],
    /// The headers of the profile, as they came.
    pub(super) received: &'a Received<'a>,
    /// What a header names besides the key, where keys are derived.
    pub(super) scope: Option<Scope<'a>>,
}

/// The credential scope that a header names in place of the key's id alone: `AK/20060102/region/service`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    /// The id of the key.
    pub(super) key_id: &'a str,
    /// The date, the region and the service.
    pub(super) text: &'a str,
}

impl<'a> Scope<'a> {
    /// Finds one in the headers: a part that begins with a name without a slash, and eight digits behind it.
    pub(super) fn find(received: &Received<'a>) -> Option<Self> {
        let values = received.iter().filter_map(|value| match value {
            HeaderValue::One(value) if value.len() <= MAX_HEADER_LENGTH => core::str::from_utf8(value).ok(),
            _ => None,
        });
        let parts = values.flat_map(|value| value.split([',', ';', ' ', '=']));
        parts.map(str::trim).find_map(|part| {
            let (key_id, text) = part.split_once('/')?;
            let (date, rest) = text.split_once('/')?;
            let is_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
            (is_date && !key_id.is_empty() && !rest.is_empty()).then_some(Self { key_id, text })
        })
    }
}
