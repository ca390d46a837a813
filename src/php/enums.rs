//! The enums: their cases come from the core.

use std::sync::LazyLock;

use ext_php_rs::builders::EnumBuilder;
use ext_php_rs::describe::DocComments;
use ext_php_rs::enum_::{Discriminant, EnumCase};
use ext_php_rs::flags::ClassFlags;
use ext_php_rs::types::{ZendObject, Zval};

use crate::diagnosis::{Cause, Verdict};
use crate::digest::Encoding;
use crate::rejection::Reason;
use crate::timestamp::TimestampFormat;

use super::engine::{self, ClassSlot, Thrown};

/// A backed enum of the core, as PHP sees it.
pub(super) trait Enum: Copy + 'static {
    /// With its namespace.
    const NAME: &'static str;
    /// All cases, in PHP's order.
    const CASES: &'static [Self];

    /// The backing value of a case, such as `missing-header`. The case's name is derived from it: `MissingHeader`.
    fn value(self) -> &'static str;

    /// Where its entry is kept.
    fn slot() -> &'static ClassSlot;

    /// Its cases for the engine, which keeps pointing at them.
    fn cases() -> &'static [EnumCase];

    /// The case as a PHP value.
    fn to_zval(self) -> Result<Zval, Thrown> {
        Self::slot().case(&case_name(self.value()))
    }

    /// Reads a case back.
    fn from_object(object: &ZendObject) -> Option<Self> {
        let ours = Self::slot().get().is_some_and(|class| object.instance_of(class));
        // The engine gives a backed enum two properties: its name and its value.
        let value = engine::property(object, 1).filter(|_| ours)?.zend_str()?;
        Self::CASES.iter().copied().find(|case| case.value().as_bytes() == value.as_bytes())
    }

    /// Registers the enum.
    fn register() -> ext_php_rs::error::Result<()> {
        let mut builder = EnumBuilder::new(Self::NAME);
        for case in Self::cases() {
            builder = builder.case(case);
        }
        builder
            .registration(|class, arguments| {
                class.ce_flags |= ClassFlags::Final.bits();
                Self::slot().set(class, arguments);
            })
            .register()
    }
}

/// Implements [`Enum`] for an enum of the core that has `ALL` and `name()`.
macro_rules! backed_enum {
    ($type:ty, $name:literal) => {
        impl Enum for $type {
            const NAME: &'static str = $name;
            const CASES: &'static [Self] = &Self::ALL;

            fn value(self) -> &'static str {
                self.name()
            }

            fn slot() -> &'static ClassSlot {
                static SLOT: ClassSlot = ClassSlot::new();
                &SLOT
            }

            fn cases() -> &'static [EnumCase] {
                static CASES: LazyLock<Vec<EnumCase>> = LazyLock::new(|| enum_cases(<$type>::CASES));
                &CASES
            }
        }
    };
}

backed_enum!(Encoding, "HwSignature\\Encoding");
backed_enum!(TimestampFormat, "HwSignature\\TimestampFormat");
backed_enum!(Reason, "HwSignature\\Reason");
backed_enum!(Verdict, "HwSignature\\Verdict");
backed_enum!(Cause, "HwSignature\\Cause");

fn enum_cases<E: Enum>(cases: &[E]) -> Vec<EnumCase> {
    const NO_DOCS: DocComments = &[];
    cases
        .iter()
        .map(|case| EnumCase {
            // Made once per process, and needed for as long.
            name: Box::leak(case_name(case.value()).into_boxed_str()),
            discriminant: Some(Discriminant::String(case.value())),
            docs: NO_DOCS,
        })
        .collect()
}

/// `missing-header` becomes `MissingHeader`.
fn case_name(value: &str) -> String {
    value
        .split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}
