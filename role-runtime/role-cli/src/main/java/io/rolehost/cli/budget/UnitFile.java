package io.rolehost.cli.budget;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of one unit file, as {@code systemd.syntax(7)} describes it: sections, comments, lines
 * that go on, keys that are given several times. Drop-ins and specifiers are not looked at.
 */
public final class UnitFile {

  private final Map<String, Map<String, List<String>>> sections = new LinkedHashMap<>();

  private UnitFile() {}

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if a line is neither a section nor a setting; the message has
   *     its number
   */
  public static UnitFile parse(String text) {
    UnitFile unit = new UnitFile();
    Map<String, List<String>> section = new LinkedHashMap<>();
    StringBuilder going = new StringBuilder();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String stripped = line.strip();
      if (stripped.startsWith("#")
          || stripped.startsWith(";")
          || (going.isEmpty() && stripped.isEmpty())) {
        continue;
      }
      if (stripped.endsWith("\\")) {
        going.append(stripped, 0, stripped.length() - 1).append(' ');
        continue;
      }
      String whole = going.append(stripped).toString();
      going.setLength(0);
      int equals = whole.indexOf('=');
      if (whole.startsWith("[") && whole.endsWith("]")) {
        section =
            unit.sections.computeIfAbsent(
                whole.substring(1, whole.length() - 1), _ -> new LinkedHashMap<>());
      } else if (equals > 0) {
        set(section, whole.substring(0, equals).strip(), whole.substring(equals + 1).strip());
      } else {
        throw new IllegalArgumentException(
            "line " + number + ": expected [Section] or Key=value, found '" + whole + "'");
      }
    }
    return unit;
  }

  private static void set(Map<String, List<String>> section, String key, String value) {
    List<String> values = section.computeIfAbsent(key, _ -> new ArrayList<>());
    if (value.isEmpty()) {
      values.clear(); // an empty assignment forgets those before it
    } else {
      values.add(value);
    }
  }

  /** Returns the value of a key; where it is given several times the last one counts. */
  public Optional<String> get(String section, String key) {
    List<String> all = all(section, key);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Returns all values of a key, in their order. */
  public List<String> all(String section, String key) {
    @Nullable Map<String, List<String>> keys = sections.get(section);
    return keys == null ? List.of() : List.copyOf(keys.getOrDefault(key, List.of()));
  }

  /** Returns the words of all values of a key, without their quotes. */
  public List<String> words(String section, String key) {
    List<String> words = new ArrayList<>();
    all(section, key).forEach(value -> words.addAll(split(value)));
    return words;
  }

  /** Returns the variables of {@code Environment=}. */
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String word : words("Service", "Environment")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        variables.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return variables;
  }

  /** Splits a line into words; quotes keep a space within a word. */
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean open = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        open = true;
      } else if (Character.isWhitespace(c)) {
        if (open) {
          words.add(word.toString());
        }
        word.setLength(0);
        open = false;
      } else {
        word.append(c);
        open = true;
      }
    }
    if (open) {
      words.add(word.toString());
    }
    return words;
  }
}
