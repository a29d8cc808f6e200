package io.rolehost.node.journal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into values that are JSON and back, whatever components they have: so the journal
 * holds each state and event of the table whole, also those that are added to it later. Pure.
 *
 * <p>A record is a map of its components, with {@link #TYPE} where a sealed interface has several.
 * Durations are whole nanoseconds.
 */
final class RecordValues {

  /** The key of the simple name of a record among those of a sealed interface. */
  static final String TYPE = "is";

  private RecordValues() {}

  /** Returns the values of a record. */
  static Map<String, Object> of(Record record) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(TYPE, record.getClass().getSimpleName());
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = json(read(component, record));
      if (value != null) {
        values.put(component.getName(), value);
      }
    }
    return values;
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " can't be read", e);
    }
  }

  private static @Nullable Object json(Object value) {
    return switch (value) {
      case Optional<?> maybe -> maybe.map(RecordValues::json).orElse(null);
      case Duration time -> time.toNanos();
      case Enum<?> constant -> constant.name();
      case Collection<?> some -> some.stream().map(RecordValues::json).toList();
      case Record inner -> of(inner);
      default -> value;
    };
  }

  /**
   * Returns the record that {@code values} were made of.
   *
   * @throws IllegalArgumentException if they are not those of such a record
   */
  static <T> T to(Class<T> type, Map<?, ?> values) {
    return type.cast(object(type, values));
  }

  private static Object object(Class<?> type, Object value) {
    if (!(value instanceof Map<?, ?> values)) {
      throw new IllegalArgumentException("expected a " + type.getSimpleName() + ", found " + value);
    }
    Class<?> record = type.isRecord() ? type : permitted(type, String.valueOf(values.get(TYPE)));
    RecordComponent[] components = record.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] = component(components[i], values.get(components[i].getName()));
    }
    try {
      return record.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          record.getSimpleName() + " can't be made of " + values + ": " + e, e);
    }
  }

  private static Class<?> permitted(Class<?> sealed, String name) {
    if (sealed.isSealed()) {
      for (Class<?> permitted : sealed.getPermittedSubclasses()) {
        if (permitted.getSimpleName().equals(name)) {
          return permitted;
        }
      }
    }
    throw new IllegalArgumentException("there is no " + sealed.getSimpleName() + " '" + name + "'");
  }

  private static Object component(RecordComponent component, @Nullable Object value) {
    if (component.getType() == Optional.class) {
      return value == null
          ? Optional.empty()
          : Optional.of(plain(argument(component.getGenericType()), value));
    }
    if (value == null) {
      throw new IllegalArgumentException("'" + component.getName() + "' is missing");
    }
    if (Collection.class.isAssignableFrom(component.getType()) && value instanceof List<?> found) {
      List<Object> list = new ArrayList<>();
      for (Object one : found) {
        list.add(plain(argument(component.getGenericType()), one));
      }
      return component.getType() == Set.class ? Set.copyOf(list) : list;
    }
    return plain(component.getType(), value);
  }

  private static Class<?> argument(Type generic) {
    if (generic instanceof ParameterizedType parameterized
        && parameterized.getActualTypeArguments()[0] instanceof Class<?> argument) {
      return argument;
    }
    throw new IllegalStateException("a list or optional of a plain type is needed, not " + generic);
  }

  private static Object plain(Class<?> type, Object value) {
    if (type == String.class && value instanceof String) {
      return value;
    }
    if (type == boolean.class && value instanceof Boolean) {
      return value;
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(value)) {
          return constant;
        }
      }
    }
    if (value instanceof Number number) {
      if (type == long.class || type == Long.class) {
        return number.longValue();
      }
      if (type == int.class || type == Integer.class) {
        return number.intValue();
      }
      if (type == double.class) {
        return number.doubleValue();
      }
      if (type == Duration.class) {
        return Duration.ofNanos(number.longValue());
      }
    }
    return object(type, value);
  }
}
