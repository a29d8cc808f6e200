package io.rolehost.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A role project to start from: the templates of this jar with the name in them.
 *
 * @param name of the project, the jar and the role
 * @param version of Rolehost that it uses
 */
record NewProject(String name, String version) {
  private static final int LONGEST_NAME = 40;
  private static final List<String> FILES =
      List.of(
          "pom.xml",
          "README.md",
          "Dockerfile",
          ".dockerignore",
          ".gitignore",
          "src/main/java/roles/@CLASS@.java",
          "src/main/resources/application.conf",
          "src/main/resources/META-INF/services/io.rolehost.api.Role",
          "src/test/java/roles/@CLASS@Test.java");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it can't be the name of a role, a jar and a class
   */
  NewProject {
    if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' can't be the name of a role: expected a small letter, then small letters, digits"
              + " and single dashes, at most "
              + LONGEST_NAME
              + ", for instance photo-worker");
    }
  }

  /** Returns the class of the role. Its ending keeps it from being a name that Java has taken. */
  String className() {
    StringBuilder camel = new StringBuilder();
    for (String word : List.of(name.split("-", -1))) {
      camel.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.endsWith("-role") ? camel.toString() : camel.append("Role").toString();
  }

  /** Returns the contents of each file by its path in the project. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (String file : FILES) {
      files.put(filled(file), filled(template(file)));
    }
    return files;
  }

  /**
   * Writes the project into a folder that must not be there yet.
   *
   * @throws IOException if it can't be written; the message is for a person
   */
  void write(Path folder) throws IOException {
    for (Map.Entry<String, String> file : files().entrySet()) {
      Path target = folder.resolve(file.getKey());
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(target, file.getValue());
    }
  }

  private String filled(String text) {
    return text.replace("@NAME@", name)
        .replace("@CLASS@", className())
        .replace("@VERSION@", version);
  }

  /** A name of a resource must not begin with a dot, nor end as something a build looks for. */
  private static String template(String file) {
    String resource =
        "template/" + file.replace("/.", "/dot-").replaceFirst("^\\.", "dot-") + ".txt";
    try (InputStream in = NewProject.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing in the jar of the command");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(resource + " can't be read", e);
    }
  }
}
