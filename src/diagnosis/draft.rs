//! A string to sign as the sender may have built it, and what it is built from.

use alloc::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::case::Context;
use crate::key::Hash;
use crate::profile::Profile;
use crate::request::{Canonical, Target};
use crate::template::{Field, Piece, RareValues, Values, write_pieces};

/// A string to sign: its template, and what stands for the request in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) pieces: Vec<Piece>,
    // Shared, since hundreds of drafts differ in one of them only, and a target may be long.
    pub(super) method: Rc<[u8]>,
    pub(super) path: Rc<[u8]>,
    pub(super) query: Rc<[u8]>,
    /// How the hash is written that stands for the payload.
    pub(super) hash: HashText,
    /// What few contracts sign.
    pub(super) rare: Option<Rc<RareValues>>,
    /// The template of the canonical request whose hash stands for the payload; empty where there is none.
    pub(super) request: Rc<[Piece]>,
    /// How the hash of the payload is written in it.
    pub(super) request_hash: HashText,
}

impl Draft {
    /// The profile's own.
    pub(super) fn own(parts: &Parts<'_>) -> Self {
        Self {
            pieces: parts.profile.string_to_sign().pieces(),
            method: (&*parts.canonical.method).into(),
            path: (&*parts.canonical.path).into(),
            query: parts.canonical.query.as_bytes().into(),
            hash: HashText::LowerHex,
            rare: parts.canonical.rare.as_deref().map(|rare| Rc::new(rare.clone())),
            request: parts.profile.string_to_sign().canonical_pieces().into(),
            request_hash: HashText::LowerHex,
        }
    }

    /// The same by another template.
    pub(super) fn of(&self, pieces: Vec<Piece>) -> Self {
        Self { pieces, ..self.clone() }
    }

    /// The same without a field, and without the separator behind it.
    pub(super) fn without(mut self, field: Field) -> Self {
        if let Some(index) = self.pieces.iter().position(|piece| *piece == Piece::Field(field)) {
            let separated = matches!(self.pieces.get(index + 1), Some(Piece::Literal(_)));
            self.pieces.drain(index..=index + usize::from(separated));
        }
        self
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.pieces.contains(&Piece::Field(field))
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

/// How `{payload_sha256}` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}
