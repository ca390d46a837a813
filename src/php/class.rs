//! Classes whose objects hold a Rust value, and plain classes whose objects hold PHP values.

use ext_php_rs::args::ArgInfoTables;
use ext_php_rs::builders::{ClassBuilder, FunctionBuilder};
use ext_php_rs::class::{ClassEntryInfo, ConstructorResult, RegisteredClass};
use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi;
use ext_php_rs::flags::{ClassFlags, MethodFlags};
use ext_php_rs::types::{ZendClassObject, Zval};
use ext_php_rs::zend::{ClassEntry, ExecuteData, ZendType};

use super::arguments::{Arguments, Function, Parameter, Type, builder, complete};
use super::engine::{self, ClassSlot, Thrown, value_of};

/// A method: how to register it, and what of its parameters is to be said afterwards.
pub(super) struct Method {
    builder: fn() -> FunctionBuilder<'static>,
    flags: MethodFlags,
    name: &'static str,
    parameters: &'static [Parameter],
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

    /// Says of the parameters of all methods what the builder cannot. To be called once the class is registered.
    fn complete() {
        for method in Self::METHODS {
            complete(Some(Self::slot()), method.name, method.parameters);
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
                engine::make_opaque::<C>();
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
        let Type { data, nullable, .. } = property.type_;
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

/// What a constructor makes: the Rust value of the object, and the values of its first properties.
pub(super) type Made<C> = Result<(C, Vec<Zval>), Thrown>;

/// Makes the Rust value from the arguments of a constructor. An object is made once: it is immutable from then on.
///
/// Looked at twice, because arguments can run PHP code (an error handler, an autoloader), and a fiber that is suspended
/// there lets another call of the constructor overtake this one. Nothing runs between the second look and the end.
pub(super) fn construct<C: RegisteredClass>(
    ex: &ExecuteData,
    parameters: &'static [Parameter],
    make: fn(&Arguments<'_>) -> Made<C>,
) -> ConstructorResult<C> {
    let once = || match engine::this(ex).and_then(value_of::<C>) {
        None => Ok(()),
        Some(_) => {
            let message = format!("Cannot construct an object of class {} twice", C::CLASS_NAME);
            Err(engine::throw_error(None, &message))
        }
    };
    let made =
        once().and_then(|()| make(&Arguments::new(ex, parameters)?)).and_then(|made| once().map(|()| made));
    match made {
        Ok((value, properties)) => {
            engine::set_this_properties(ex, 0, properties);
            ConstructorResult::Ok(value)
        }
        Err(Thrown) => ConstructorResult::ArgError,
    }
}

/// The `slot()` of a [`Class`]: one for each.
macro_rules! slot {
    () => {
        fn slot() -> &'static $crate::php::engine::ClassSlot {
            static SLOT: $crate::php::engine::ClassSlot = $crate::php::engine::ClassSlot::new();
            &SLOT
        }
    };
}
pub(super) use slot;

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
