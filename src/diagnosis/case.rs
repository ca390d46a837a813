//! What is to be diagnosed.

use crate::profile::Profile;
use crate::received::Received;
use crate::signed_headers::RequestHeaders;
use crate::verify::Clock;

/// A request to diagnose: what `hw_verify()` gets.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The contract.
    pub profile: &'a Profile,
    /// What was found under the names of its headers.
    pub received: &'a Received<'a>,
    /// The method, as it was given.
    pub method: &'a [u8],
    /// The target, as it was given.
    pub target: &'a [u8],
    /// The payload, as it was given.
    pub payload: &'a [u8],
    /// The window and the clock.
    pub clock: Clock,
    /// What else is known.
    pub context: Context<'a>,
}

/// A key that the receiver holds.
#[derive(Clone, Copy)]
pub struct HeldKey<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Its id, which a request has to name where the profile sends one.
    pub id: Option<&'a str>,
}

/// Shows the id, nothing of the key.
impl core::fmt::Debug for HeldKey<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("HeldKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is known of a request besides what verification looks at. All of it may be left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// What was found under the names of other profiles' headers.
    pub elsewhere: &'a [(&'a Profile, Received<'a>)],
    /// Every name that was passed, with its value, where that is one text; the name is empty where there is none.
    pub entries: &'a [(&'a [u8], &'a [u8])],
    /// The method that the web server has.
    pub method: Option<&'a [u8]>,
    /// The target that the web server has.
    pub target: Option<&'a [u8]>,
    /// The host that the client named.
    pub host: Option<&'a [u8]>,
    /// The target that a proxy had before it rewrote it.
    pub original_target: Option<&'a [u8]>,
    /// What a proxy says that it took off the path.
    pub prefix: Option<&'a [u8]>,
    /// The path of the script that runs.
    pub script: Option<&'a [u8]>,
    /// The method that a header puts in place of the request's.
    pub method_override: Option<&'a [u8]>,
    /// All headers, where the profile signs others than its own.
    pub headers: RequestHeaders<'a>,
}
