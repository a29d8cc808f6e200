package io.rolehost.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          boot.SpringApplication.run, app.Photos.main | true
          boot.SpringApplication.run, app.Photos.main, boot.loader.launch.JarLauncher.main | true
          boot.SpringApplication.run, app.Photos.main, java.lang.Thread.run | false
          boot.SpringApplication.run, org.springframework.boot.test.A.b, a.ForkedBooter.main | false
          boot.SpringApplication.run, app.PhotosTest.starts, org.junit.platform.A.b, a.Ide.main | false
          boot.SpringApplication.run, org.springframework.boot.SpringApplicationAotProcessor.main | false
          boot.SpringApplication.run, org.apache.catalina.startup.Bootstrap.main | false
          """)
  void program_byItsStack_isOneOfItsOwnOrNot(String stack, boolean program) {
    assertEquals(
        program,
        Launch.isProgram(Stream.of(stack.split(", ", -1)).map(LaunchTest::frame).toList()));
  }

  @Test
  void emptyStack_isNoProgram() {
    assertFalse(Launch.isProgram(List.of()));
  }

  private static Launch.Frame frame(String call) {
    int dot = call.lastIndexOf('.');
    return new Launch.Frame(call.substring(0, dot), call.substring(dot + 1));
  }
}
