package io.rolehost.node.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.rolehost.node.solution.Program;
import io.rolehost.node.solution.RoleSpec;
import io.rolehost.node.solution.RoleSpec.LocalResource;
import io.rolehost.node.solution.RoleSpec.StartupTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file that the node writes for an instance of a role host, which reads it above
 * the {@code application.conf} of the role and watches it. One for each instance: while a deploy
 * goes from one to the next, those behind keep the settings they have. It may hold secrets, so only
 * its user can read it.
 */
final class SettingsFile {
  private static final String CONFIG_FILE = "-Dconfig.file=";
  private static final long MIB = 1024 * 1024;

  private SettingsFile() {}

  /** Returns whether a role needs one. */
  static boolean isNeeded(RoleSpec role) {
    return role.roleHost()
        && (role.settings().isPresent()
            || !role.startup().isEmpty()
            || !role.localResources().isEmpty());
  }

  /** Returns where that of an instance is. */
  static Path of(Path stateDir, RoleSpec role, int n) {
    return stateDir.resolve("settings").resolve(role.instanceId(n) + ".conf");
  }

  /** Returns what a role's options name as its configuration; the last one counts. */
  static Optional<Path> named(List<String> jvmOptions) {
    return jvmOptions.stream()
        .filter(option -> option.startsWith(CONFIG_FILE))
        .map(option -> Path.of(option.substring(CONFIG_FILE.length())))
        .reduce((first, last) -> last);
  }

  /** Returns the option that makes a role host read a file. */
  static String option(Path file) {
    return CONFIG_FILE + file;
  }

  /**
   * Returns the content. What the host would have watched without this file is included, so that it
   * is still watched.
   *
   * @param workingDirectory of the role
   */
  static String text(RoleSpec role, Path workingDirectory) {
    StringBuilder text =
        new StringBuilder("# Written by the node from the solution: change that.\n");
    Optional<Path> named = named(role.program().jvmOptions());
    if (named.isPresent()) {
      text.append("include required(file(")
          .append(ConfigUtil.quoteString(workingDirectory.resolve(named.get()).toString()))
          .append("))\n");
    } else if (role.program() instanceof Program.Jar(Path copy, _, _)) {
      Path jar = Releases.original(role.program()).orElse(copy);
      text.append("include file(")
          .append(ConfigUtil.quoteString(jar.resolveSibling("application.conf").toString()))
          .append(")\n");
    }
    role.settings().ifPresent(text::append);
    Map<String, Object> host = new LinkedHashMap<>();
    if (!role.startup().isEmpty()) {
      host.put("start", Map.of("tasks", tasks(role.startup())));
    }
    if (!role.localResources().isEmpty()) {
      host.put("local-resources", resources(role.localResources()));
    }
    if (!host.isEmpty()) {
      text.append('\n')
          .append(
              ConfigValueFactory.fromMap(Map.of("rolehost", host), "the solution")
                  .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false)));
    }
    return text.append('\n').toString();
  }

  private static List<Map<String, Object>> tasks(List<StartupTask> startup) {
    List<Map<String, Object>> tasks = new ArrayList<>();
    for (StartupTask task : startup) {
      tasks.add(
          Map.of(
              "name", task.name(),
              "command", task.command(),
              "type", task.type().key(),
              "timeout", task.timeout().toMillis() + "ms",
              "environment", task.environment()));
    }
    return tasks;
  }

  private static Map<String, Object> resources(Map<String, LocalResource> declared) {
    Map<String, Object> resources = new LinkedHashMap<>();
    declared.forEach((name, resource) ->
        resources.put(
            name,
            Map.of(
                "size-in-mb",
                Math.ceilDiv(resource.size(), MIB),
                "clean-on-recycle",
                resource.cleanOnRecycle())));
    return resources;
  }

  /**
   * Writes a file as a whole, unless it is so already: to whoever watches it that would be a
   * change.
   *
   * @param owner who alone can read it; null = the node's user
   * @return whether it was written
   */
  static boolean write(Path file, String text, @Nullable UserAccount owner) throws IOException {
    if (Files.isRegularFile(file) && Files.readString(file).equals(text)) {
      return false;
    }
    Path folder = file.resolveSibling("");
    Files.createDirectories(folder);
    Path whole =
        Files.createTempFile(
            folder,
            ".writing",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(whole, text.getBytes(UTF_8));
      if (owner != null) {
        owner.give(whole);
      }
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
    return true;
  }
}
