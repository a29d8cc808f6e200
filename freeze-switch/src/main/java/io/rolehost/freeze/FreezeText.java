package io.rolehost.freeze;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Freezes as text: the freeze file and the body of a request. Both are HOCON, of which JSON is a
 * part. Every method throws {@link IllegalArgumentException} with a message for a person.
 */
public final class FreezeText {

  private static final int MOST_ENTRIES = 1_000;
  private static final String ENDED = "ended";
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Set<String> KEYS =
      Set.of("id", "scope", "owner", "reason", "since", "until", "hold", "evidence", "auto");
  private static final Set<String> REQUEST_KEYS =
      Set.of("id", "scope", "owner", "reason", "until", "for", "hold", "evidence");

  private FreezeText() {}

  /**
   * Reads the text of a freeze file.
   *
   * @param modified when the text was written: {@code since} of an entry that has none
   * @param where the file, for messages
   */
  static List<Freeze> read(String text, Instant modified, String where) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "it is empty; write 'freezes = []' to freeze nothing, or delete it");
    }
    try {
      return entries(parse(text, where).root(), modified);
    } catch (ConfigException wrong) {
      throw new IllegalArgumentException(
          wrong.getMessage() + " (scopes and times need quotes: scope = \"role:NAME\")", wrong);
    }
  }

  /**
   * Reads who ended what; this part is for people and logs, so whatever is wrong with it is left
   * out.
   */
  static List<Ending> endings(String text) {
    try {
      List<Ending> endings = new ArrayList<>();
      if (parse(text, "endings").root().get(ENDED) instanceof ConfigList values) {
        for (ConfigValue value : values) {
          if (value instanceof ConfigObject entry && endings.size() < MOST_ENTRIES) {
            endings.add(
                new Ending(
                    required(entry, "id"),
                    Scope.parse(required(entry, "scope")),
                    required(entry, "by"),
                    time("at", required(entry, "at"))));
          }
        }
      }
      return endings;
    } catch (ConfigException | IllegalArgumentException spoiled) {
      return List.of();
    }
  }

  /**
   * Renders a freeze file that {@link #read} and {@link #endings} read back as the same lists.
   *
   * @param endings who ended what before, the newest first
   */
  static String write(List<Freeze> freezes, List<Ending> endings) {
    StringBuilder text = new StringBuilder(256 + 200 * freezes.size() + 100 * endings.size());
    text.append("# Freezes block starts and restarts. Edit by hand or with freeze-switch (which\n");
    text.append("# rewrites this file whole); an entry needs a scope and a reason:\n");
    text.append(
        "#   { scope = \"role:NAME\", reason = \"why\", until = \"2030-01-31T18:00:00Z\" }\n");
    if (freezes.isEmpty()) {
      text.append("freezes = []\n");
      return write(text, endings);
    }
    text.append("freezes = [\n");
    for (Freeze freeze : freezes) {
      text.append("  {");
      String separator = " ";
      for (Map.Entry<String, Object> field : freeze.toMap().entrySet()) {
        text.append(separator).append(field.getKey()).append(" = ");
        value(text, field.getValue());
        separator = ", ";
      }
      text.append(" }\n");
    }
    text.append("]\n");
    return write(text, endings);
  }

  private static String write(StringBuilder text, List<Ending> endings) {
    if (endings.isEmpty()) {
      return text.toString();
    }
    text.append("# Who ended what before, the newest first; freezes nothing:\n");
    text.append(ENDED).append(" = [\n");
    for (Ending ending : endings) {
      text.append("  { id = ").append(ConfigUtil.quoteString(ending.id()));
      text.append(", scope = ").append(ConfigUtil.quoteString(ending.scope().toString()));
      text.append(", by = ").append(ConfigUtil.quoteString(ending.by()));
      text.append(", at = ").append(ConfigUtil.quoteString(ending.at().toString()));
      text.append(" }\n");
    }
    return text.append("]\n").toString();
  }

  /**
   * Reads the body of a request to freeze: {@code reason}, and if it likes {@code scope}, {@code
   * owner}, {@code until} or {@code for}, {@code hold}, {@code evidence}, {@code id}.
   *
   * @param scope where the body names none
   * @param owner where the body names none
   */
  public static Freeze request(String body, Scope scope, String owner, Instant now) {
    try {
      ConfigObject entry = parse(body, "request").root();
      known(entry, REQUEST_KEYS);
      String id = text(entry, "id");
      String asked = text(entry, "scope");
      String by = text(entry, "owner");
      Freeze freeze =
          Freeze.of(
              id == null ? newId(now) : id,
              asked == null ? scope : Scope.parse(asked),
              by == null ? owner : by,
              required(entry, "reason"),
              now);
      String until = text(entry, "until");
      String lasting = text(entry, "for");
      if (until != null && lasting != null) {
        throw new IllegalArgumentException("Give until or for, not both");
      }
      if (until != null) {
        freeze = freeze.withUntil(time("until", until));
      }
      if (lasting != null) {
        freeze = freeze.withUntil(now.plus(duration(lasting)));
      }
      String evidence = text(entry, "evidence");
      return (evidence == null ? freeze : freeze.withEvidence(evidence))
          .withHold(bool(entry, "hold"));
    } catch (ConfigException wrong) {
      throw new IllegalArgumentException(
          "The body is no JSON object: " + wrong.getMessage(), wrong);
    }
  }

  /** Reads how long: {@code 90s}, {@code 30m}, {@code 2h}, {@code 1d}, {@code 1h30m}, or ISO. */
  public static Duration duration(String text) {
    String spec = text.strip().toUpperCase(java.util.Locale.ROOT);
    try {
      int days = spec.indexOf('D');
      Duration duration =
          Duration.parse(
              spec.startsWith("P")
                  ? spec
                  : days < 0
                      ? "PT" + spec
                      : days == spec.length() - 1
                          ? "P" + spec
                          : "P" + spec.substring(0, days + 1) + "T" + spec.substring(days + 1));
      if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeException notOne) {
      // falls to the message below
    }
    throw new IllegalArgumentException(
        "Not a duration: '"
            + text
            + "'. Expected for instance 30m, 2h, 1h30m or 1d, at most "
            + LONGEST.toDays()
            + "d");
  }

  /** Returns an id for a new freeze, short enough to be typed. */
  public static String newId(Instant now) {
    long unique = now.toEpochMilli() * 1_000_003 + System.nanoTime();
    return "f" + Long.toString(unique & Long.MAX_VALUE, 36);
  }

  private static Config parse(String text, String where) {
    return ConfigFactory.parseString(
        text, ConfigParseOptions.defaults().setOriginDescription(where));
  }

  private static List<Freeze> entries(ConfigObject root, Instant modified) {
    ConfigValue list = root.get("freezes");
    if (!(list instanceof ConfigList values)) {
      throw new IllegalArgumentException(
          list == null
              ? "it has no 'freezes = [ … ]'; write 'freezes = []' to freeze nothing"
              : line(list) + "'freezes' must be a list: freezes = [ { scope = …, reason = … } ]");
    }
    if (values.size() > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "it has " + values.size() + " entries; at most " + MOST_ENTRIES + " are kept");
    }
    List<Freeze> freezes = new ArrayList<>(values.size());
    Set<String> ids = new HashSet<>();
    for (ConfigValue value : values) {
      try {
        Freeze freeze = entry(value, modified);
        if (!freezes.contains(freeze)) {
          freezes.add(unique(freeze, ids));
        }
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(line(value) + wrong.getMessage(), wrong);
      }
    }
    return List.copyOf(freezes);
  }

  private static Freeze entry(ConfigValue value, Instant modified) {
    if (!(value instanceof ConfigObject entry)) {
      throw new IllegalArgumentException("an entry must look like { scope = …, reason = … }");
    }
    known(entry, KEYS);
    Scope scope = Scope.parse(required(entry, "scope"));
    String reason = required(entry, "reason");
    String owner = text(entry, "owner");
    String id = text(entry, "id");
    String since = text(entry, "since");
    String until = text(entry, "until");
    String by = owner == null ? Freeze.UNKNOWN_OWNER : owner;
    return new Freeze(
        id == null ? handId(scope, by, reason) : id,
        scope,
        by,
        reason,
        since == null ? modified : time("since", since),
        until == null ? Optional.empty() : Optional.of(time("until", until)),
        bool(entry, "hold"),
        Optional.ofNullable(text(entry, "evidence")),
        Optional.ofNullable(auto(entry)));
  }

  private static Freeze.@Nullable Auto auto(ConfigObject entry) {
    ConfigValue value = entry.get("auto");
    if (value == null || value.valueType() == ConfigValueType.NULL) {
      return null;
    }
    if (!(value instanceof ConfigObject auto)) {
      throw new IllegalArgumentException("auto must look like { build = …, config = … }");
    }
    String build = text(auto, "build");
    String config = text(auto, "config");
    return new Freeze.Auto(build == null ? "" : build, config == null ? "" : config);
  }

  /** The same entry gets the same id at every read, so that it can be removed by it. */
  private static String handId(Scope scope, String owner, String reason) {
    int hash = (scope + "\n" + owner + "\n" + reason).hashCode();
    return "hand-" + Integer.toHexString(hash);
  }

  /** A copied entry whose id nobody changed is still a freeze of its own. */
  private static Freeze unique(Freeze freeze, Set<String> ids) {
    String id = freeze.id();
    for (int n = 2; !ids.add(id); n++) {
      id = freeze.id() + "-" + n;
    }
    return id.equals(freeze.id()) ? freeze : freeze.withId(id);
  }

  private static void known(ConfigObject entry, Set<String> keys) {
    for (String key : entry.keySet()) {
      if (!keys.contains(key)) {
        throw new IllegalArgumentException(
            "'" + key + "' is no field of a freeze; there are " + new java.util.TreeSet<>(keys));
      }
    }
  }

  private static String required(ConfigObject entry, String key) {
    String text = text(entry, key);
    if (text == null) {
      throw new IllegalArgumentException("A freeze needs a " + key);
    }
    return text;
  }

  private static @Nullable String text(ConfigObject entry, String key) {
    ConfigValue value = entry.get(key);
    if (value == null || value.valueType() == ConfigValueType.NULL) {
      return null;
    }
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> {
        String text = value.unwrapped().toString().strip();
        yield text.isEmpty() ? null : text;
      }
      case OBJECT, LIST, NULL ->
          throw new IllegalArgumentException("'" + key + "' must be a text, in quotes");
    };
  }

  private static boolean bool(ConfigObject entry, String key) {
    String text = text(entry, key);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw new IllegalArgumentException("'" + key + "' must be true or false, not '" + text + "'");
  }

  private static Instant time(String key, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' must be a time with its zone, like \"2030-01-31T18:00:00Z\", not '"
              + text
              + "'",
          wrong);
    }
  }

  private static String line(ConfigValue value) {
    int line = value.origin().lineNumber();
    return line < 0 ? "" : "line " + line + ": ";
  }

  private static void value(StringBuilder text, Object value) {
    if (value instanceof Map<?, ?> fields) {
      String separator = "{ ";
      for (Map.Entry<?, ?> field : new java.util.TreeMap<>(fields).entrySet()) {
        text.append(separator).append(field.getKey()).append(" = ");
        value(text, String.valueOf(field.getValue()));
        separator = ", ";
      }
      text.append(" }");
    } else if (value instanceof String string) {
      text.append(ConfigUtil.quoteString(string));
    } else {
      text.append(value);
    }
  }
}
