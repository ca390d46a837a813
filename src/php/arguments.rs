//! Functions as data, and their arguments.
//!
//! A function is a type that says what reflection shows and holds the body. The table in it is the only place where a
//! parameter, its default and its sensitivity are written down: registration, parsing and error messages read it.

use ext_php_rs::args::Arg;
use ext_php_rs::builders::FunctionBuilder;
use ext_php_rs::class::RegisteredClass;
use ext_php_rs::flags::{DataType, MethodFlags};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::{ClassEntry, ExecuteData, run_handler};

use super::engine::{self, Also, ClassSlot, Expected, Thrown, value_of};
use super::enums::Enum;

/// A function or a method.
pub(super) trait Function {
    /// Its name.
    const NAME: &'static str;
    /// Its parameters. Those without a default come first.
    const PARAMETERS: &'static [Parameter];
    /// Its return type; `None` for a constructor.
    const RETURNS: Option<Type>;
    /// Beyond public.
    const FLAGS: MethodFlags = MethodFlags::Public;

    /// Its body.
    fn call(arguments: &Arguments<'_>) -> Result<Zval, Thrown>;
}

/// A type as reflection shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) data: DataType,
    pub(super) nullable: bool,
    /// The other member of a union with a class.
    also: Option<Also>,
}

impl Type {
    pub(super) const ARRAY: Self = Self::of(DataType::Array);
    pub(super) const BOOL: Self = Self::of(DataType::Bool);
    pub(super) const CALLABLE: Self = Self::of(DataType::Callable);
    pub(super) const INT: Self = Self::of(DataType::Long);
    pub(super) const MIXED: Self = Self::of(DataType::Mixed);
    pub(super) const STRING: Self = Self::of(DataType::String);
    pub(super) const VOID: Self = Self::of(DataType::Void);

    pub(super) const fn object(class: &'static str) -> Self {
        Self::of(DataType::object(class))
    }

    pub(super) const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    pub(super) const fn or_array(self) -> Self {
        Self { also: Some(Also::Array), ..self }
    }

    pub(super) const fn or_string(self) -> Self {
        Self { also: Some(Also::String), ..self }
    }

    const fn of(data: DataType) -> Self {
        Self { data, nullable: false, also: None }
    }
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) type_: Type,
    /// A PHP expression.
    pub(super) default: Option<&'static str>,
    pub(super) sensitive: bool,
}

impl Parameter {
    pub(super) const fn new(name: &'static str, type_: Type) -> Self {
        Self { name, type_, default: None, sensitive: false }
    }

    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(super) const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }
}

/// A function for the engine.
pub(super) fn builder<F: Function>() -> FunctionBuilder<'static> {
    let builder = describe(FunctionBuilder::new(F::NAME, entry::<F>), F::PARAMETERS);
    match F::RETURNS {
        Some(type_) => builder.returns(type_.data, false, type_.nullable),
        None => builder,
    }
}

/// Adds the parameters to a function.
pub(super) fn describe<'a>(
    mut builder: FunctionBuilder<'a>,
    parameters: &[Parameter],
) -> FunctionBuilder<'a> {
    for parameter in parameters {
        let mut arg = Arg::new(parameter.name, parameter.type_.data);
        if parameter.type_.nullable {
            arg = arg.allow_null();
        }
        if let Some(default) = parameter.default {
            arg = arg.default(default);
        }
        builder = builder.arg(arg);
    }
    builder.required_args(required(parameters))
}

/// Says of the parameters of a registered function, or of a method when there is a class, what the builder cannot.
pub(super) fn complete(class: Option<&ClassSlot>, function: &str, parameters: &[Parameter]) {
    for (index, parameter) in parameters.iter().enumerate() {
        if parameter.sensitive {
            engine::mark_sensitive(class, function, index);
        }
        if let Some(also) = parameter.type_.also {
            engine::widen(class, function, index, also);
        }
    }
}

extern "C" fn entry<F: Function>(ex: &mut ExecuteData, result: &mut Zval) {
    run_handler(core::panic::AssertUnwindSafe(|| {
        if let Ok(value) = Arguments::new(ex, F::PARAMETERS).and_then(|arguments| F::call(&arguments)) {
            *result = value;
        }
    }));
}

fn required(parameters: &[Parameter]) -> usize {
    parameters.iter().take_while(|parameter| parameter.default.is_none()).count()
}

/// An argument that is an array or an object.
pub(super) enum ArrayOr<'a, T> {
    /// An array.
    Array(&'a ZendHashTable),
    /// The Rust value in the object.
    Object(&'a T),
}

/// An argument that is a string or an object.
pub(super) enum TextOr<'a, T> {
    /// Bytes.
    Text(&'a [u8]),
    /// The Rust value in the object.
    Object(&'a T),
}

/// The arguments of one call.
pub(super) struct Arguments<'a> {
    ex: &'a ExecuteData,
    parameters: &'static [Parameter],
}

impl<'a> Arguments<'a> {
    /// Checks the number of arguments.
    pub(super) fn new(ex: &'a ExecuteData, parameters: &'static [Parameter]) -> Result<Self, Thrown> {
        let (min, max) = (required(parameters), parameters.len());
        if (min..=max).contains(&engine::argument_count(ex)) {
            Ok(Self { ex, parameters })
        } else {
            Err(engine::throw_argument_count(min, max))
        }
    }

    /// The object that the method was called on.
    pub(super) fn object(&self) -> Result<&'a ZendObject, Thrown> {
        engine::this(self.ex).ok_or(Thrown)
    }

    /// Writes properties of the object whose constructor this is.
    pub(super) fn set_properties(&self, skip: usize, values: Vec<Zval>) {
        engine::set_this_properties(self.ex, skip, values);
    }

    /// The Rust value in the object that the method was called on.
    #[inline]
    pub(super) fn this<T: RegisteredClass>(&self) -> Result<&'a T, Thrown> {
        value_of(self.object()?).ok_or_else(engine::throw_uninitialized)
    }

    /// The argument as it is; `None` when it was left out.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&'a Zval> {
        engine::argument(self.ex, index)
    }

    /// Bytes, not copied. Strictly a string, whatever `strict_types` says: a conversion would turn `null` into an empty
    /// key. The default of the table when it was left out.
    #[inline]
    pub(super) fn bytes(&self, index: usize) -> Result<&'a [u8], Thrown> {
        let Some(zval) = self.get(index) else {
            let default = self.parameters.get(index).and_then(|parameter| parameter.default);
            return Ok(default.unwrap_or_default().trim_matches('\'').as_bytes());
        };
        match zval.zend_str() {
            Some(string) => Ok(string.as_bytes()),
            None => Err(engine::throw_argument_type(index, Expected::String, zval)),
        }
    }

    /// Bytes or null.
    #[inline]
    pub(super) fn bytes_or_null(&self, index: usize) -> Result<Option<&'a [u8]>, Thrown> {
        match self.get(index) {
            None => Ok(None),
            Some(zval) if zval.is_null() => Ok(None),
            Some(zval) => match zval.zend_str() {
                Some(string) => Ok(Some(string.as_bytes())),
                None => Err(engine::throw_argument_type(index, Expected::StringOrNull, zval)),
            },
        }
    }

    /// An integer, or null.
    #[inline]
    pub(super) fn long_or_null(&self, index: usize) -> Result<Option<i64>, Thrown> {
        match self.get(index) {
            None => Ok(None),
            Some(zval) if zval.is_null() => Ok(None),
            Some(zval) => engine::long(index, zval)
                .map(Some)
                .ok_or_else(|| engine::throw_argument_type(index, Expected::IntOrNull, zval)),
        }
    }

    /// An integer; `None` when it was left out.
    pub(super) fn long(&self, index: usize) -> Result<Option<i64>, Thrown> {
        let Some(zval) = self.get(index) else { return Ok(None) };
        let wrong = || engine::throw_argument_type(index, Expected::Int, zval);
        engine::long(index, zval).map(Some).ok_or_else(wrong)
    }

    /// A boolean; false when it was left out. Strictly one, whatever `strict_types` says: the text "false" would
    /// convert to true.
    pub(super) fn boolean(&self, index: usize) -> Result<bool, Thrown> {
        let Some(zval) = self.get(index) else { return Ok(false) };
        let wrong = || engine::throw_argument_type(index, Expected::Bool, zval);
        zval.bool().ok_or_else(wrong)
    }

    /// An array; `None` when it was left out.
    #[inline]
    pub(super) fn array(&self, index: usize) -> Result<Option<&'a ZendHashTable>, Thrown> {
        let Some(zval) = self.get(index) else { return Ok(None) };
        match zval.array() {
            Some(array) => Ok(Some(array)),
            None => Err(engine::throw_argument_type(index, Expected::Array, zval)),
        }
    }

    /// Something to call, or null.
    pub(super) fn callable_or_null(&self, index: usize) -> Result<Option<&'a Zval>, Thrown> {
        match self.get(index) {
            None => Ok(None),
            Some(zval) if zval.is_null() => Ok(None),
            Some(zval) => engine::require_callable(index, zval).map(|()| Some(zval)),
        }
    }

    /// A string, or an object of one of our classes; the default of the table, which is a string, when it was left out.
    #[inline]
    pub(super) fn text_or<T: RegisteredClass>(&self, index: usize) -> Result<TextOr<'a, T>, Thrown> {
        match self.get(index) {
            Some(zval) if zval.zend_str().is_none() => {
                zval.object().and_then(value_of).map(TextOr::Object).ok_or_else(|| {
                    engine::throw_argument_class(index, &format!("{}|string", T::CLASS_NAME), zval)
                })
            }
            _ => self.bytes(index).map(TextOr::Text),
        }
    }

    /// An array, or an object of one of our classes.
    pub(super) fn array_or<T: RegisteredClass>(&self, index: usize) -> Result<ArrayOr<'a, T>, Thrown> {
        let zval = self.get(index).ok_or(Thrown)?;
        match (zval.array(), zval.object().and_then(value_of)) {
            (Some(array), _) => Ok(ArrayOr::Array(array)),
            (None, Some(value)) => Ok(ArrayOr::Object(value)),
            (None, None) => {
                Err(engine::throw_argument_class(index, &format!("{}|array", T::CLASS_NAME), zval))
            }
        }
    }

    /// The Rust value in an object of one of our classes.
    pub(super) fn value<T: RegisteredClass>(&self, index: usize) -> Result<&'a T, Thrown> {
        let zval = self.get(index).ok_or(Thrown)?;
        zval.object()
            .and_then(value_of)
            .ok_or_else(|| engine::throw_argument_class(index, T::CLASS_NAME, zval))
    }

    /// An object of a class, or null; null when it was left out. `type_` is what PHP calls that.
    pub(super) fn instance_or_null(
        &self,
        index: usize,
        class: &ClassEntry,
        type_: &str,
    ) -> Result<Zval, Thrown> {
        match self.get(index) {
            None => Ok(Zval::new()),
            Some(zval) if zval.is_null() || zval.object().is_some_and(|object| object.instance_of(class)) => {
                Ok(zval.shallow_clone())
            }
            Some(zval) => Err(engine::throw_argument_class(index, type_, zval)),
        }
    }

    /// The case of an enum; `None` when it was left out, or is null.
    pub(super) fn case<E: Enum>(&self, index: usize) -> Result<Option<E>, Thrown> {
        let nullable = self.parameters.get(index).is_some_and(|parameter| parameter.type_.nullable);
        match self.get(index) {
            None => Ok(None),
            Some(zval) if nullable && zval.is_null() => Ok(None),
            Some(zval) => zval.object().and_then(E::from_object).map(Some).ok_or_else(|| {
                let class = if nullable { format!("?{}", E::NAME) } else { E::NAME.to_owned() };
                engine::throw_argument_class(index, &class, zval)
            }),
        }
    }

    /// Raises a `ValueError` for the parameter of that name.
    pub(super) fn value_error(&self, parameter: &str, message: impl core::fmt::Display) -> Thrown {
        engine::throw_argument_value(self.index(parameter), &message.to_string())
    }

    /// Raises a `TypeError` for the parameter of that name.
    pub(super) fn type_error(&self, parameter: &str, message: impl core::fmt::Display) -> Thrown {
        engine::throw_argument_type_message(self.index(parameter), &message.to_string())
    }

    fn index(&self, parameter: &str) -> usize {
        self.parameters.iter().position(|other| other.name == parameter).unwrap_or(0)
    }
}
