package io.rolehost.runtime.boot;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The classes of the host itself, loaded before they are needed. */
final class OwnClasses {

  private static final List<String> OURS =
      List.of("io/rolehost/runtime/", "io/rolehost/api/", "io/rolehost/freeze/");

  private OwnClasses() {}

  /** Loads each of them, where the host is in a jar; runs no code of theirs. */
  static void load() throws IOException {
    @Nullable CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
    if (source == null || !source.getLocation().getPath().endsWith(".jar")) {
      return;
    }
    Path jar;
    try {
      jar = Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      return;
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && OURS.stream().anyMatch(name::startsWith))
          .forEach(
              name -> load(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
    }
  }

  /** Loads one class, if it is there, and runs no code of it. */
  static void load(String name) {
    try {
      var _ = Class.forName(name, false, RoleLife.roleClasses());
    } catch (ClassNotFoundException | LinkageError e) {
      // An optional part that is not there.
    }
  }
}
