package io.rolehost.runtime.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes note of the files that a configuration file includes, and leaves the rest to the library.
 * One of {@code include file("…")} is noted also while it is not there, since it may come.
 */
final class IncludedFiles implements ConfigIncluder, ConfigIncluderFile {

  /** Past them no more are noted: each costs a thread to watch. */
  static final int MAX = 32;

  /** What the library tries for {@code include "name"}, if it ends in none of them. */
  private static final List<String> ENDINGS = List.of(".conf", ".json", ".properties");

  private final @Nullable ConfigIncluder library;
  private final Set<Path> noted;

  /**
   * Notes into {@code noted}, absolute and normalized.
   *
   * @param noted of a parse that one thread makes
   */
  IncludedFiles(Set<Path> noted) {
    this(null, noted);
  }

  private IncludedFiles(@Nullable ConfigIncluder library, Set<Path> noted) {
    this.library = library;
    this.noted = noted;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return new IncludedFiles(fallback, noted);
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    for (String ending : ENDINGS.stream().anyMatch(what::endsWith) ? List.of("") : ENDINGS) {
      @Nullable ConfigParseable beside = context.relativeTo(what + ending);
      @Nullable String file = beside == null ? null : beside.origin().filename();
      if (file != null) {
        note(Path.of(file));
      }
    }
    return library().include(context, what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    note(what.toPath());
    return ((ConfigIncluderFile) library()).includeFile(context, what);
  }

  private void note(Path file) {
    if (noted.size() < MAX) {
      noted.add(file.toAbsolutePath().normalize());
    }
  }

  private ConfigIncluder library() {
    ConfigIncluder end = library;
    if (end == null) {
      throw new IllegalStateException("the library sets itself behind each includer");
    }
    return end;
  }
}
