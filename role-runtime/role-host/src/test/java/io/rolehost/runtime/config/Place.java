package io.rolehost.runtime.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine with nothing but what a test puts there: {@code packed/} is the inside of the jar,
 * {@code app/} the folder the jar is in, {@code work/} the working directory.
 */
final class Place {

  final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private boolean terminal;
  private boolean debugger;
  private long pid = 4711;
  private String hostName = "box";
  private Optional<Path> jar;

  Place(Path root) {
    this.root = root;
    this.jar = Optional.of(root.resolve("app/photos.jar"));
    file("work/note", "");
    file("packed/" + RoleCandidates.SERVICES, "com.example.Photos # the one");
  }

  Place file(String name, String... lines) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, List.of(lines));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Place packed(String... lines) {
    return file("packed/application.conf", lines);
  }

  Place beside(String... lines) {
    return file("app/application.conf", lines);
  }

  Place variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Place property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  /** As an IDE starts it. */
  Place classPath() {
    jar = Optional.empty();
    return this;
  }

  Place terminal() {
    terminal = true;
    return this;
  }

  Place debugger() {
    debugger = true;
    return this;
  }

  Place pid(long value) {
    pid = value;
    return this;
  }

  Place hostName(String value) {
    hostName = value;
    return this;
  }

  Path at(String name) {
    return root.resolve(name);
  }

  ConfigInputs inputs() {
    return new ConfigInputs(
        environment,
        properties,
        root.resolve("work"),
        terminal,
        pid,
        debugger,
        jar,
        hostName,
        new URLClassLoader(new URL[] {url("packed/")}, getClass().getClassLoader()),
        Optional.empty(),
        Map.of());
  }

  Loaded load() {
    try {
      return ConfigLoader.load(inputs());
    } catch (ConfigProblems e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the problems, with the folder of the test left out of them. */
  List<String> problems() {
    try {
      Loaded loaded = ConfigLoader.load(inputs());
      throw new AssertionError("no problem in " + loaded);
    } catch (ConfigProblems e) {
      return e.problems().stream().map(p -> p.replace(root + "/", "")).toList();
    }
  }

  private URL url(String name) {
    try {
      return root.resolve(name).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
