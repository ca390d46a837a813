//! Classes whose objects hold a Rust value, and plain classes whose objects hold PHP values.

use ext_php_rs::args::ArgInfoTables;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::class::{ClassEntryInfo, ConstructorResult, RegisteredClass};
use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi;
use ext_php_rs::flags::{ClassFlags, MethodFlags};
use ext_php_rs::types::{ZendClassObject, Zval};
use ext_php_rs::zend::{ClassEntry, ExecuteData, ZendType};

use super::arguments::{Arguments, Function, Parameter, Type, builder, value_of};
use super::engine::{self, ClassSlot, Thrown};

/// A method: how to register it, and which of its parameters are sensitive.
pub(super) struct Method {
    builder: fn() -> FunctionBuilder<'static>,
    flags: MethodFlags,
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Parameter],
}

impl Method {
    pub(super) const fn of<F: Function>() -> Self {
        Self { builder: builder::<F>, flags: F::FLAGS, name: F::NAME, parameters: F::PARAMETERS }
    }

    pub(super) fn build(&self) -> (FunctionBuilder<'static>, MethodFlags) {
        ((self.builder)(), self.flags)
    }
}

/// A class of this module.
pub(super) trait Class {
    /// With its namespace.
    const NAME: &'static str;
    /// All but the constructor of a class that holds a Rust value.
    const METHODS: &'static [Method];
    /// In the order of the slots.
    const PROPERTIES: &'static [Property] = &[];
    /// `Stringable` and the like.
    const INTERFACES: &'static [ClassEntryInfo] = &[];
    /// What it extends.
    const PARENT: Option<ClassEntryInfo> = None;
    /// Whether objects show nothing, and are equal to themselves only. Value objects are not opaque.
    const OPAQUE: bool = true;
    /// Final, unless it is an exception.
    const FLAGS: ClassFlags = ClassFlags::Final.union(ClassFlags::NoDynamicProperties);

    /// Where its entry is kept.
    fn slot() -> &'static ClassSlot;

    /// Marks the sensitive parameters of all methods.
    fn mark_sensitive() {
        for method in Self::METHODS {
            for (index, parameter) in method.parameters.iter().enumerate() {
                if parameter.sensitive {
                    engine::mark_sensitive(Some(Self::slot()), method.name, index);
                }
            }
        }
    }
}

/// A declared property.
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) type_: Type,
    pub(super) flags: u32,
}

impl Property {
    /// Public, read-only.
    pub(super) const fn public(name: &'static str, type_: Type) -> Self {
        Self { name, type_, flags: ffi::ZEND_ACC_PUBLIC | ffi::ZEND_ACC_READONLY }
    }

    /// Seen by subclasses.
    pub(super) const fn protected(name: &'static str, type_: Type) -> Self {
        Self { name, type_, flags: ffi::ZEND_ACC_PROTECTED }
    }

    /// Private, read-only: where PHP's collector can see what an object holds.
    pub(super) const fn private(name: &'static str, type_: Type) -> Self {
        Self { name, type_, flags: ffi::ZEND_ACC_PRIVATE | ffi::ZEND_ACC_READONLY }
    }
}

/// Registers a class whose objects hold PHP values only.
pub(super) fn register_plain<C: Class>() -> ext_php_rs::error::Result<()> {
    start::<C>()
        .flags(<C as Class>::FLAGS)
        .registration(|class, arguments| registered::<C>(class, arguments))
        .register()
}

/// Registers a class whose objects hold a Rust value.
pub(super) fn register_native<C: Class + RegisteredClass>() -> ext_php_rs::error::Result<()> {
    start::<C>()
        .flags(<C as Class>::FLAGS)
        .object_override::<C>()
        .registration(|class, arguments| {
            registered::<C>(class, arguments);
            C::get_metadata().set_ce(class);
            if C::OPAQUE {
                engine::make_opaque(C::get_metadata().handlers());
            }
        })
        .register()
}

fn start<C: Class>() -> ClassBuilder {
    let mut class = ClassBuilder::new(C::NAME);
    for method in C::METHODS {
        let (builder, flags) = method.build();
        class = class.method(builder, flags);
    }
    for interface in C::INTERFACES {
        class = class.implements(*interface);
    }
    if let Some(parent) = C::PARENT {
        class = class.extends(parent);
    }
    class
}

fn registered<C: Class>(class: &mut ClassEntry, arguments: ArgInfoTables) {
    for property in C::PROPERTIES {
        let Type { data, nullable } = property.type_;
        if let Some(type_) = ZendType::empty_from_type(data, false, false, nullable) {
            engine::declare_property(class, property.name, type_, property.flags);
        }
    }
    if C::FLAGS.contains(ClassFlags::Final) {
        class.ce_flags |= ClassFlags::NotSerializable.bits();
    }
    C::slot().set(class, arguments);
}

/// A new object around a Rust value.
pub(super) fn object<T: RegisteredClass>(value: T) -> Result<Zval, Thrown> {
    ZendClassObject::new(value).into_zval(false).map_err(|_| Thrown)
}

/// Makes the Rust value from the arguments of a constructor. An object is made once: it is immutable from then on.
pub(super) fn construct<C: RegisteredClass>(
    ex: &ExecuteData,
    parameters: &'static [Parameter],
    make: fn(&Arguments<'_>) -> Result<C, Thrown>,
) -> ConstructorResult<C> {
    if engine::this(ex).is_some_and(|object| value_of::<C>(object).is_some()) {
        engine::throw_error(&format!("Cannot construct an object of class {} twice", C::CLASS_NAME));
        return ConstructorResult::ArgError;
    }
    match Arguments::new(ex, parameters).and_then(|arguments| make(&arguments)) {
        Ok(value) => ConstructorResult::Ok(value),
        Err(Thrown) => ConstructorResult::ArgError,
    }
}

/// Implements ext-php-rs's side of a class that holds a Rust value.
///
/// With `parameters, make`, the constructor is public and has that body; without, it is private.
macro_rules! native_class {
    ($class:ty) => {
        native_class!(@ $class, {
            ext_php_rs::class::ConstructorMeta {
                constructor: |_| ext_php_rs::class::ConstructorResult::ArgError,
                build_fn: |function| function,
                flags: Some(ext_php_rs::flags::MethodFlags::Private),
            }
        });
    };
    ($class:ty, $parameters:path, $make:path) => {
        native_class!(@ $class, {
            ext_php_rs::class::ConstructorMeta {
                constructor: |ex| $crate::php::class::construct::<$class>(ex, $parameters, $make),
                build_fn: |function| $crate::php::arguments::describe(function, $parameters),
                flags: None,
            }
        });
    };
    (@ $class:ty, $constructor:block) => {
        impl ext_php_rs::class::RegisteredClass for $class {
            const CLASS_NAME: &'static str = <$class as $crate::php::class::Class>::NAME;
            const BUILDER_MODIFIER: Option<
                fn(ext_php_rs::builders::ClassBuilder) -> ext_php_rs::builders::ClassBuilder,
            > = None;
            const EXTENDS: Option<ext_php_rs::class::ClassEntryInfo> = None;
            const IMPLEMENTS: &'static [ext_php_rs::class::ClassEntryInfo] = &[];

            fn get_metadata() -> &'static ext_php_rs::class::ClassMetadata<Self> {
                static METADATA: ext_php_rs::class::ClassMetadata<$class> =
                    ext_php_rs::class::ClassMetadata::new(&[]);
                &METADATA
            }

            fn method_builders() -> Vec<(
                ext_php_rs::builders::FunctionBuilder<'static>,
                ext_php_rs::flags::MethodFlags,
            )> {
                Vec::new()
            }

            fn constructor() -> Option<ext_php_rs::class::ConstructorMeta<Self>> {
                Some($constructor)
            }

            fn constants() -> &'static [(
                &'static str,
                &'static dyn ext_php_rs::convert::IntoZvalDyn,
                ext_php_rs::describe::DocComments,
                ext_php_rs::flags::ConstantFlags,
            )] {
                &[]
            }
        }
    };
}
pub(super) use native_class;
