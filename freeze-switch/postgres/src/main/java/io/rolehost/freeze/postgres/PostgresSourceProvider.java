package io.rolehost.freeze.postgres;

import com.typesafe.config.Config;
import io.rolehost.freeze.FreezeSource;
import io.rolehost.freeze.FreezeSourceProvider;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the source of {@code rolehost.freeze.postgres}, if its {@code url} is set. */
public final class PostgresSourceProvider implements FreezeSourceProvider {

  /** For {@link java.util.ServiceLoader}. */
  public PostgresSourceProvider() {}

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Optional<FreezeSource> open(Config settings) {
    return PostgresSettings.of(settings)
        .map(read -> new PostgresSource(read, InstantSource.system()));
  }
}
