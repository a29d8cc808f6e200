package io.rolehost.runtime.readiness;

import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheckRegistry;
import io.rolehost.runtime.readiness.ReadinessFacts.CheckFact;
import java.util.Optional;
import java.util.Set;

/**
 * Shows the role's health checks to tools that know Dropwizard's registry. What they read is the
 * cached sample: asking through the registry never calls a check.
 */
public final class DropwizardChecks {

  private DropwizardChecks() {}

  /**
   * Registers those checks of {@code sampler} that {@code registry} does not have under their
   * names. To be called again after a check was added.
   */
  public static void register(HealthSampler sampler, HealthCheckRegistry registry) {
    Set<String> known = registry.getNames();
    for (CheckFact check : sampler.facts()) {
      if (!known.contains(check.name())) {
        registry.register(check.name(), new Cached(sampler, check.name()));
      }
    }
  }

  private static final class Cached extends HealthCheck {

    private final HealthSampler sampler;
    private final String name;

    Cached(HealthSampler sampler, String name) {
      this.sampler = sampler;
      this.name = name;
    }

    @Override
    protected Result check() {
      Optional<CheckFact> fact = sampler.fact(name).filter(CheckFact::sampled);
      if (fact.isEmpty()) {
        return Result.unhealthy("has not answered yet");
      }
      String message = fact.get().message();
      if (!fact.get().up()) {
        return Result.unhealthy(message);
      }
      return message.isEmpty() ? Result.healthy() : Result.healthy(message);
    }
  }
}
