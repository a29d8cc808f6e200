package io.rolehost.node.process;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.runtime.config.ContentHash;
import io.rolehost.runtime.process.BuildId;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a role would be started from at this moment, as its node can see it from outside: another
 * hash ends an automatic freeze.
 *
 * @param build of the jar, or of a command that is named by its path; empty = not known
 * @param config of the role's entry in the solution and of the file that configures the role:
 *     {@code -Dconfig.file}, else {@code application.conf} beside the jar; of a command, the files
 *     that its arguments name
 */
public record RoleHashes(String build, String config) {
  private static final String CONFIG_FILE = "-Dconfig.file=";
  private static final String APPLICATION = "application.conf";
  // A configuration; an argument can name a film too.
  private static final int LARGEST = 1 << 20;

  /** Reads the files. Takes as long as reading a small file does. */
  static RoleHashes of(RoleSpec role, Path workingDirectory) {
    SortedMap<String, ConfigValue> values = new TreeMap<>();
    role.environment().forEach((name, value) -> put(values, "env." + name, value));
    role.settings().ifPresent(settings -> put(values, "settings", settings));
    return switch (role.program()) {
      case Program.Jar(Path file, List<String> jvmOptions, List<String> arguments) -> {
        putAll(values, "jvm-option", jvmOptions);
        putAll(values, "argument", arguments);
        Path configuration = configFile(jvmOptions).orElse(file.resolveSibling(APPLICATION));
        put(values, "file", content(workingDirectory.resolve(configuration)));
        yield new RoleHashes(BuildId.of(file), ContentHash.of(values));
      }
      case Program.ClassPath(
              List<Path> entries,
              String mainClass,
              List<String> jvmOptions,
              List<String> arguments) -> {
        putAll(values, "jvm-option", jvmOptions);
        putAll(values, "argument", arguments);
        put(values, "main-class", mainClass);
        put(
            values,
            "file",
            configFile(jvmOptions)
                .map(workingDirectory::resolve)
                .map(RoleHashes::content)
                .orElse(""));
        SortedMap<String, ConfigValue> builds = new TreeMap<>();
        for (Path entry : entries) {
          put(builds, entry.toString(), Files.isRegularFile(entry) ? BuildId.of(entry) : "");
        }
        yield new RoleHashes(ContentHash.of(builds), ContentHash.of(values));
      }
      case Program.Command(List<String> words) -> {
        putAll(values, "argument", words);
        for (int i = 1; i < words.size(); i++) {
          put(values, "file-" + i, content(workingDirectory.resolve(words.get(i))));
        }
        Path program = workingDirectory.resolve(words.getFirst());
        yield new RoleHashes(
            Files.isRegularFile(program) ? BuildId.of(program) : "", ContentHash.of(values));
      }
    };
  }

  private static Optional<Path> configFile(List<String> jvmOptions) {
    return jvmOptions.stream()
        .filter(option -> option.startsWith(CONFIG_FILE))
        .map(option -> Path.of(option.substring(CONFIG_FILE.length())))
        .reduce((first, last) -> last);
  }

  private static void putAll(Map<String, ConfigValue> values, String name, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      put(values, name + "-" + i, words.get(i));
    }
  }

  private static void put(Map<String, ConfigValue> values, String path, String value) {
    values.put(path, ConfigValueFactory.fromAnyRef(value));
  }

  private static String content(Path file) {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      return ContentHash.of(in.readNBytes(LARGEST));
    } catch (IOException unreadable) {
      return "";
    }
  }
}
