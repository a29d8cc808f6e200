package io.rolehost.runtime.process;

import io.rolehost.runtime.config.HostSettings;
import io.rolehost.runtime.lifecycle.OnTimeout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of an instance {@code web_IN_0} of which a test needs little. */
final class HostSettingsFixture {

  private HostSettingsFixture() {}

  static HostSettings in(Path stateDir) {
    Duration second = Duration.ofSeconds(1);
    return new HostSettings(
        HostSettings.Profile.AZURE,
        "a test",
        false,
        "staging",
        "web",
        Optional.empty(),
        List.of(),
        "web_IN_0",
        stateDir,
        Optional.empty(),
        new HostSettings.Start(second, OnTimeout.DUMP_THEN_KILL, List.of()),
        HostSettings.OnReturn.RECYCLE,
        new HostSettings.Stop(
            second,
            second,
            new HostSettings.Drain(second, second, second),
            second,
            OnTimeout.DUMP_THEN_KILL),
        HostSettings.Uncaught.END,
        second,
        new HostSettings.Management(
            "localhost",
            0,
            false,
            HostSettings.Tokens.NONE,
            List.of(),
            10,
            Optional.empty(),
            Optional.empty()),
        Map.of(),
        Map.of(),
        new HostSettings.Log(true, false, "info", 1_000_000, 5));
  }
}
