package io.rolehost.runtime.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The roles that the class path offers, read as text: no class of theirs is loaded. */
final class RoleCandidates {

  static final String SERVICES = "META-INF/services/io.rolehost.api.Role";

  private RoleCandidates() {}

  /**
   * Returns the names of the classes, each once, in the order of the class path.
   *
   * @throws UncheckedIOException if a file is there and can't be read
   */
  static List<String> in(ClassLoader resources) {
    Set<String> names = new LinkedHashSet<>();
    try {
      for (URL url : Collections.list(resources.getResources(SERVICES))) {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false); // a cached jar would stay open
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
          lines.lines().map(RoleCandidates::name).filter(n -> !n.isEmpty()).forEach(names::add);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return List.copyOf(names);
  }

  private static String name(String line) {
    int comment = line.indexOf('#');
    return (comment < 0 ? line : line.substring(0, comment)).strip();
  }

  /** Returns {@code Photos} for {@code com.example.Web$Photos}. */
  static String simpleName(String className) {
    return className.substring(
        Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
  }
}
