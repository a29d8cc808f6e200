package io.rolehost.spring;

import io.rolehost.api.HealthCheck;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;
import org.springframework.context.ApplicationContext;

/**
 * The health that the actuator works out. Asked by reflection: its types have other packages in
 * Spring Boot 4 than in 3.
 */
final class ActuatorHealth implements HealthCheck {
  private static final String BEAN = "healthEndpoint";

  private final Object endpoint;
  private final Method health;

  private ActuatorHealth(Object endpoint, Method health) {
    this.endpoint = endpoint;
    this.health = health;
  }

  /** Returns the check, if the application has the actuator's health endpoint. */
  static Optional<HealthCheck> of(ApplicationContext context) {
    if (!context.containsBean(BEAN)) {
      return Optional.empty();
    }
    Object endpoint = context.getBean(BEAN);
    try {
      return Optional.of(new ActuatorHealth(endpoint, endpoint.getClass().getMethod("health")));
    } catch (NoSuchMethodException anotherBean) {
      return Optional.empty();
    }
  }

  @Override
  public Result check() throws Exception {
    Object answer;
    try {
      answer = health.invoke(endpoint);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
    String status = String.valueOf(answer.getClass().getMethod("getStatus").invoke(answer));
    return status.equals("DOWN") || status.equals("OUT_OF_SERVICE")
        ? Result.unhealthy("the actuator's health is " + status)
        : Result.healthy(status);
  }
}
