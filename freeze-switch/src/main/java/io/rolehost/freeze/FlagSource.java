package io.rolehost.freeze;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.rolehost.freeze.LastKnown.Reading;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The flag {@code rolehost.freeze.enabled}: in the configuration file, as a system property, and as
 * the environment variable {@code ROLEHOST_FREEZE} or {@code ROLEHOST_FREEZE_ENABLED}. Each is read
 * on its own and any true freezes: none can overrule another. Null, absent and empty are false; a
 * text that is no boolean freezes too, and its reason quotes it.
 *
 * <p>The file is read again when it changes. While it can't be parsed its last known flag counts.
 */
public final class FlagSource extends TextSource {

  /** The key of the flag. */
  public static final String KEY = "rolehost.freeze.enabled";

  /** What the reason says of a text that is no boolean, which is to be told loudly. */
  public static final String UNCLEAR = "which is neither true nor false";

  private static final String[] VARIABLES = {"ROLEHOST_FREEZE", "ROLEHOST_FREEZE_ENABLED"};

  private final @Nullable Path file;
  private final Surroundings surroundings;
  private final Instant since;
  private final @Nullable String otherwise;

  /**
   * The flag of this process.
   *
   * @param file the configuration file that is watched; null = there is none
   * @param otherwise the flag's text in the configuration below that file (inside the jar), which
   *     counts where the file does not have the key; null = none
   */
  public FlagSource(@Nullable Path file, @Nullable String otherwise) {
    this(file, otherwise, new Surroundings.Here());
  }

  FlagSource(@Nullable Path file, @Nullable String otherwise, Surroundings surroundings) {
    super(surroundings);
    this.file = file == null ? null : file.toAbsolutePath();
    this.otherwise = otherwise;
    this.surroundings = surroundings;
    this.since = surroundings.now();
  }

  @Override
  public String name() {
    return file == null ? "flag " + KEY : "flag " + KEY + " in " + file;
  }

  @Override
  @Nullable Path path() {
    return file;
  }

  @Override
  Reading understand(TextFile found) {
    if (found instanceof TextFile.Text read) {
      boolean frozen = !fromText().isEmpty();
      if (frozen && read.text().isEmpty()) {
        return failure("it is empty, as if somebody were writing it", read.modified());
      }
      if (!frozen && !mayHaveFlag(read.text())) {
        return new Reading.Success(below(), false);
      }
      try {
        return new Reading.Success(parse(read.modified()), false);
      } catch (ConfigException wrong) {
        return failure(String.valueOf(wrong.getMessage()), read.modified());
      }
    }
    return found instanceof TextFile.Unreadable unreadable
        ? failure(unreadable.problem(), unreadable.modified())
        : new Reading.Success(below(), false);
  }

  /**
   * Spares most starts a second parse of the configuration: without the word, and without what
   * could bring it in, there is no flag. Once frozen every text is parsed, to tell one that has no
   * flag from half a text.
   */
  private static boolean mayHaveFlag(String text) {
    return text.contains("freeze")
        || text.contains("include")
        || text.contains("${")
        || text.contains("\\u");
  }

  /** The flag where the file does not have it. */
  private List<Freeze> below() {
    return flag(otherwise, "file", "the configuration", since);
  }

  @Override
  SourceAnswer complete(SourceAnswer fromText) {
    List<Freeze> freezes = new ArrayList<>(fromText.freezes());
    freezes.addAll(flag(surroundings.property(KEY), "property", "system property " + KEY, since));
    for (String variable : VARIABLES) {
      freezes.addAll(
          flag(
              surroundings.variable(variable),
              "environment-" + variable,
              "environment variable " + variable,
              since));
    }
    return freezes.size() == fromText.freezes().size()
        ? fromText
        : new SourceAnswer(freezes, fromText.knowledge());
  }

  /** Reads by path, not by text, so that the file may include others beside it. */
  private List<Freeze> parse(Instant modified) {
    Config parsed = ConfigFactory.parseFile(java.util.Objects.requireNonNull(file).toFile());
    // Resolved as one: the library can't resolve a reference of a file to itself, as in
    // "port = 8080, port = ${?PORT}", against another configuration.
    Config resolved =
        ConfigFactory.systemProperties()
            .withoutPath(KEY)
            .withFallback(parsed)
            .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
    if (!resolved.hasPathOrNull(KEY)) {
      return below();
    }
    if (resolved.getIsNull(KEY)) {
      return List.of();
    }
    ConfigValue value = resolved.getValue(KEY);
    String where =
        file + (value.origin().lineNumber() < 0 ? "" : ":" + value.origin().lineNumber());
    String text =
        value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST
            ? value.render()
            : value.unwrapped().toString();
    return flag(text, "file", where, modified);
  }

  private Reading failure(String problem, Instant modified) {
    String said = file + " can't be read: " + problem;
    Freeze freeze =
        Freeze.of(
            "flag-unreadable",
            new Scope.All(),
            String.valueOf(file),
            said + ". It may say " + KEY + ", so nothing starts until it can be read",
            modified);
    return new Reading.Failure(said, List.of(freeze));
  }

  private static List<Freeze> flag(@Nullable String text, String id, String where, Instant since) {
    String said = text == null ? "" : text.strip();
    return switch (said.toLowerCase(Locale.ROOT)) {
      case "", "false", "no", "off" -> List.of();
      case "true", "yes", "on" ->
          List.of(Freeze.of("flag-" + id, new Scope.All(), where, KEY + " is " + said, since));
      default ->
          List.of(
              Freeze.of(
                  "flag-" + id,
                  new Scope.All(),
                  where,
                  KEY + " is '" + said + "', " + UNCLEAR + ": frozen to be safe",
                  since));
    };
  }
}
