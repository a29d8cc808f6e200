package io.rolehost.node.solution;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one block. What is wrong becomes a problem with file and line, and the default
 * stands in, so that all problems are found in one go. A null is as if the key were not there. For
 * one thread.
 */
final class Block {
  private final ConfigObject object;
  private final String path;
  private final String of;
  private final Problems problems;

  private Block(ConfigObject object, String path, String of, Problems problems) {
    this.object = object;
    this.path = path;
    this.of = of;
    this.problems = problems;
  }

  /** Begins with the block of a role, or of whatever {@code of} names. */
  static Block of(ConfigObject object, String of, List<Key> keys, Problems problems) {
    return checked(object, "", of, keys, problems);
  }

  private static Block checked(
      ConfigObject object, String path, String of, List<Key> keys, Problems problems) {
    List<String> known = Key.names(keys);
    for (Map.Entry<String, ConfigValue> entry : inFileOrder(object)) {
      if (!known.contains(entry.getKey())) {
        problems.unknown(
            entry.getValue().origin(),
            entry.getKey(),
            path.isEmpty() ? of : path.substring(0, path.length() - 1) + " of " + of,
            known);
      }
    }
    return new Block(object, path, of, problems);
  }

  /** The library keeps keys in a hash map; people expect the order they wrote. */
  static List<Map.Entry<String, ConfigValue>> inFileOrder(ConfigObject object) {
    List<Map.Entry<String, ConfigValue>> entries = new ArrayList<>(object.entrySet());
    entries.sort((a, b) -> {
      int line =
          Integer.compare(a.getValue().origin().lineNumber(), b.getValue().origin().lineNumber());
      return line != 0 ? line : a.getKey().compareTo(b.getKey());
    });
    return entries;
  }

  boolean has(String key) {
    return value(key) != null;
  }

  /** Returns whether a block stands behind a key that may also have a text. */
  boolean hasBlock(String key) {
    return value(key) instanceof ConfigObject;
  }

  ConfigOrigin origin() {
    return object.origin();
  }

  /** Returns where a key stands; if it does not, where its block does. */
  ConfigOrigin origin(String key) {
    ConfigValue value = value(key);
    return value == null ? object.origin() : value.origin();
  }

  void problem(String key, String sentence) {
    problems.at(origin(key), path + key + " of " + of + sentence);
  }

  Optional<String> text(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (isScalar(value) && !String.valueOf(value.unwrapped()).isBlank()) {
      return Optional.of(String.valueOf(value.unwrapped()));
    }
    problem(key, " must be a text");
    return Optional.empty();
  }

  List<String> texts(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof ConfigList list) {
      list.forEach(element -> texts.add(String.valueOf(element.unwrapped())));
      return texts;
    }
    problem(key, " must be a list: [\"…\", \"…\"]");
    return List.of();
  }

  boolean flag(String key, boolean otherwise) {
    return text(key)
        .map(text -> {
          if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
          }
          problem(key, ": expected true or false, found " + text);
          return otherwise;
        })
        .orElse(otherwise);
  }

  int whole(String key, int otherwise, int least, int most) {
    return text(key).map(text -> whole(key, text, otherwise, least, most)).orElse(otherwise);
  }

  int whole(String key, String text, int otherwise, int least, int most) {
    try {
      int found = Integer.parseInt(text);
      if (found >= least && found <= most) {
        return found;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    problem(key, ": expected " + least + " to " + most + ", found " + text);
    return otherwise;
  }

  OptionalDouble number(String key, double least, double most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      double found = Double.parseDouble(text.get());
      if (found >= least && found <= most) {
        return OptionalDouble.of(found);
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    problem(key, ": expected a number from " + least + " to " + most + ", found " + text.get());
    return OptionalDouble.empty();
  }

  Optional<Duration> time(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    try {
      Duration time = object.toConfig().getDuration(quoted(key));
      if (time.isPositive()) {
        return Optional.of(time);
      }
    } catch (ConfigException e) {
      // told below, with an example
    }
    problem(key, ": expected a time such as 30s, found " + found(key));
    return Optional.empty();
  }

  OptionalLong size(String key, long least) {
    if (!has(key)) {
      return OptionalLong.empty();
    }
    try {
      long bytes = object.toConfig().getBytes(quoted(key));
      if (bytes >= least) {
        return OptionalLong.of(bytes);
      }
    } catch (ConfigException e) {
      // told below, with an example
    }
    problem(
        key, ": expected a size such as 512MiB, at least " + least + " bytes, found " + found(key));
    return OptionalLong.empty();
  }

  Optional<ConfigObject> object(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof ConfigObject block) {
      return Optional.of(block);
    }
    problem(key, " must be a block: { … }");
    return Optional.empty();
  }

  Optional<Block> block(String key, List<Key> keys) {
    return object(key).map(block -> checked(block, path + key + ".", of, keys, problems));
  }

  Map<String, Block> blocksByName(String key, List<Key> keys) {
    Map<String, Block> blocks = new LinkedHashMap<>();
    object(key)
        .ifPresent(named -> {
          for (Map.Entry<String, ConfigValue> entry : inFileOrder(named)) {
            String name = entry.getKey();
            if (entry.getValue() instanceof ConfigObject block) {
              blocks.put(name, checked(block, path + key + "." + name + ".", of, keys, problems));
            } else if (entry.getValue().valueType() != ConfigValueType.NULL) {
              problems.at(
                  entry.getValue().origin(),
                  path + key + "." + name + " of " + of + " must be a block: { … }");
            }
          }
        });
    return blocks;
  }

  List<Block> blocks(String key, List<Key> keys) {
    ConfigValue value = value(key);
    if (value == null) {
      return List.of();
    }
    List<Block> blocks = new ArrayList<>();
    if (value instanceof ConfigList list) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof ConfigObject block) {
          blocks.add(checked(block, path + key + "[" + i + "].", of, keys, problems));
        } else {
          problems.at(
              list.get(i).origin(),
              path + key + "[" + i + "] of " + of + " must be a block: { … }");
        }
      }
      return blocks;
    }
    problem(key, " must be a list: [{ … }]");
    return blocks;
  }

  Map<String, String> textByName(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(key)
        .ifPresent(named -> {
          for (Map.Entry<String, ConfigValue> entry : inFileOrder(named)) {
            if (isScalar(entry.getValue())) {
              texts.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
            } else if (entry.getValue().valueType() != ConfigValueType.NULL) {
              problems.at(
                  entry.getValue().origin(),
                  entry.getKey() + " in " + path + key + " of " + of + " must be a text");
            }
          }
        });
    return texts;
  }

  private static boolean isScalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> true;
      case OBJECT, LIST, NULL -> false;
    };
  }

  private String found(String key) {
    ConfigValue value = value(key);
    return value == null ? "nothing" : value.render();
  }

  private static String quoted(String key) {
    return '"' + key + '"';
  }

  private @Nullable ConfigValue value(String key) {
    ConfigValue value = object.get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }
}
