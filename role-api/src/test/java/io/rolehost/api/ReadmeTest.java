package io.rolehost.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first code that anybody sees is code that compiles. */
final class ReadmeTest {

  @Test
  void readme_itsRole_compiles(@TempDir Path out) throws Exception {
    Matcher block =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../README.md")));
    assertEquals(true, block.find(), "README.md shows a role");
    String code = block.group(1);

    var problems = new DiagnosticCollector<JavaFileObject>();
    var source =
        new SimpleJavaFileObject(URI.create("string:///Sweeper.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        };
    ToolProvider.getSystemJavaCompiler()
        .getTask(
            null,
            null,
            problems,
            List.of(
                "-d", out.toString(), "-Xlint:all", "-cp", System.getProperty("java.class.path")),
            null,
            List.of(source))
        .call();

    assertEquals(
        List.of(), problems.getDiagnostics().stream().map(d -> d.getMessage(Locale.ROOT)).toList());
  }
}
