package io.rolehost.runtime.boot;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** Rolehost's own classes and those of the role's package, loaded before they are needed. */
final class OwnClasses {

  private static final List<String> OURS =
      List.of(
          "io/rolehost/runtime/", "io/rolehost/api/", "io/rolehost/freeze/", "io/rolehost/jobs/");

  private OwnClasses() {}

  /**
   * Loads each of them, where the host is in a jar; runs no code of theirs.
   *
   * @param roleClass its package counts, and those within; empty text = only what is ours, since no
   *     class of the user's may be loaded yet
   */
  static void load(String roleClass) throws IOException {
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
    String ofRole = roleClass.substring(0, roleClass.lastIndexOf('.') + 1).replace('.', '/');
    List<String> folders = new ArrayList<>(OURS);
    if (!ofRole.isEmpty()) {
      folders.add(ofRole);
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && folders.stream().anyMatch(name::startsWith))
          .forEach(name ->
              loadOne(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
    }
  }

  private static void loadOne(String name) {
    try {
      var _ = Class.forName(name, false, RoleLife.roleClasses());
    } catch (ClassNotFoundException | LinkageError e) {
      // An optional part that is not there.
    }
  }
}
