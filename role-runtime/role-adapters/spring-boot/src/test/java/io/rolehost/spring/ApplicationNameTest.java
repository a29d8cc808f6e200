package io.rolehost.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationNameTest {
  @TempDir Path resources;

  private String name(String... arguments) throws Exception {
    try (URLClassLoader classes =
        new URLClassLoader(
            new URL[] {resources.toUri().toURL()}, ApplicationName.class.getClassLoader())) {
      return ApplicationName.of(arguments, ApplicationNameTest.class, classes);
    }
  }

  @Test
  void name_saidNowhere_isTheMainClass() throws Exception {
    assertEquals("ApplicationNameTest", name());
  }

  @Test
  void name_inTheFile_isRead_andTheCommandLineWins() throws Exception {
    Files.writeString(
        resources.resolve("application.properties"),
        "spring.application.name=photo ${suffix:service}\n");
    assertEquals("photo-service", name());
    assertEquals("other", name("--spring.application.name=other"));
  }
}
