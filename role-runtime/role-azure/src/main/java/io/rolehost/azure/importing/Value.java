package io.rolehost.azure.importing;

import com.typesafe.config.ConfigUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A value of HOCON, written the same way each time. */
sealed interface Value {

  /** A text. */
  record Text(String text) implements Value {}

  /** A number, a time or a flag: what is written without quotes. */
  record Plain(String word) implements Value {}

  /** The value of another key. */
  record Reference(String path) implements Value {}

  /** Some values. */
  record Several(List<Value> values) implements Value {}

  /** Values by key, in order. */
  final class Block implements Value {
    private final Map<String, Value> values = new LinkedHashMap<>();
    private String comment = "";

    /** Sets what stands in the first line of it. */
    void comment(String text) {
      comment = text;
    }

    /** Sets a value, and makes the blocks that lead to it. */
    void put(List<String> path, Value value) {
      Block block = this;
      for (String key : path.subList(0, path.size() - 1)) {
        block = block.inner(key);
      }
      block.values.put(path.getLast(), value);
    }

    Block inner(String key) {
      if (values.get(key) instanceof Block there) {
        return there;
      }
      Block made = new Block();
      values.put(key, made);
      return made;
    }

    boolean isEmpty() {
      return values.isEmpty();
    }

    /** Returns it as the content of a file. */
    String render() {
      StringBuilder out = new StringBuilder();
      body(out, "");
      return out.toString();
    }

    private void body(StringBuilder out, String indent) {
      if (!comment.isEmpty()) {
        out.append(indent).append("# ").append(comment).append('\n');
      }
      values.forEach((key, value) -> {
        out.append(indent).append(key(key)).append(value instanceof Block ? " " : " = ");
        write(value, out, indent);
        out.append('\n');
      });
    }

    private static void write(Value value, StringBuilder out, String indent) {
      switch (value) {
        case Text(String text) -> out.append(ConfigUtil.quoteString(text));
        case Plain(String word) -> out.append(word);
        case Reference(String path) -> out.append("${").append(path).append('}');
        case Several(List<Value> several) -> {
          boolean lines = several.stream().anyMatch(one -> one instanceof Block);
          String inner = indent + "  ";
          out.append('[').append(lines ? "\n" : "");
          for (int i = 0; i < several.size(); i++) {
            out.append(lines ? inner : i > 0 ? ", " : "");
            write(several.get(i), out, inner);
            out.append(lines ? "\n" : "");
          }
          out.append(lines ? indent : "").append(']');
        }
        case Block block -> {
          out.append("{\n");
          block.body(out, indent + "  ");
          out.append(indent).append('}');
        }
      }
    }

    private static String key(String key) {
      return PLAIN_KEY.matcher(key).matches() ? key : ConfigUtil.quoteString(key);
    }
  }

  /** What needs no quotes as a key and can't be taken for anything else. */
  Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,100}");

  /** Returns texts as a list. */
  static Value texts(List<String> texts) {
    return new Several(texts.stream().<Value>map(Text::new).toList());
  }

  /** Returns a whole number. */
  static Value whole(long number) {
    return new Plain(Long.toString(number));
  }
}
