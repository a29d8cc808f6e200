package io.rolehost.runtime.boot;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import com.typesafe.config.Config;
import io.rolehost.api.PermanentFailureException;
import io.rolehost.api.Role;
import io.rolehost.runtime.lifecycle.Causes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Finds and builds the role, by Guice. The first moment at which a class of the user's is loaded.
 */
final class RoleLoader {

  private final ClassLoader classes;

  RoleLoader(ClassLoader classes) {
    this.classes = classes;
  }

  /**
   * Builds the role.
   *
   * @param roleClass the name of its class
   * @param moduleClasses names of Guice modules, beside those that {@code ServiceLoader} finds
   * @throws PermanentFailureException if there is no such class, or it is no role, or Guice can't
   *     build it for a reason that no restart removes
   * @throws Exception what a constructor of the role's threw
   */
  Role build(
      String roleClass,
      List<String> moduleClasses,
      Config config,
      MetricRegistry registry,
      InstantSource time)
      throws Exception {
    Class<? extends Role> type = load(roleClass, Role.class, "rolehost.role.class");
    List<Module> modules = new ArrayList<>();
    modules.add(
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(Config.class).toInstance(config);
            bind(MetricRegistry.class).toInstance(registry);
            bind(InstantSource.class).toInstance(time);
          }
        });
    modules.addAll(modules(moduleClasses));
    try {
      return Guice.createInjector(Stage.DEVELOPMENT, modules).getInstance(type);
    } catch (ProvisionException e) {
      throw cause(roleClass, e.getErrorMessages(), e);
    } catch (CreationException e) {
      throw cause(roleClass, e.getErrorMessages(), e);
    } catch (com.google.inject.ConfigurationException e) {
      throw cause(roleClass, e.getErrorMessages(), e);
    }
  }

  private List<Module> modules(List<String> moduleClasses) throws Exception {
    List<Module> modules = new ArrayList<>();
    try {
      ServiceLoader.load(Module.class, classes).forEach(modules::add);
    } catch (ServiceConfigurationError e) {
      throw new PermanentFailureException(
          "A Guice module named in META-INF/services can't be made: " + Causes.text(e), e);
    }
    for (String name : moduleClasses) {
      Class<? extends Module> type = load(name, Module.class, "rolehost.role.modules");
      try {
        modules.add(type.getDeclaredConstructor().newInstance());
      } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
        throw new PermanentFailureException(
            "The Guice module "
                + name
                + " (rolehost.role.modules) needs a public constructor without parameters",
            e);
      }
    }
    return modules;
  }

  private <T> Class<? extends T> load(String name, Class<T> kind, String key) {
    Class<?> found;
    try {
      found = Class.forName(name, true, classes);
    } catch (ClassNotFoundException e) {
      throw new PermanentFailureException(
          "There is no class " + name + " on the class path; " + key + " names it", e);
    } catch (LinkageError e) {
      // A class that can't be initialised may be one that can't reach something just now.
      if (e instanceof ExceptionInInitializerError) {
        throw e;
      }
      throw new PermanentFailureException(
          "The class " + name + " can't be loaded: " + Causes.text(e), e);
    }
    if (!kind.isAssignableFrom(found)) {
      throw new PermanentFailureException(
          "The class " + name + " is no " + kind.getName() + "; " + key + " names it");
    }
    return found.asSubclass(kind);
  }

  /** What a constructor threw is passed on as it is; what Guice itself found is for good. */
  private static Exception cause(String roleClass, Collection<Message> messages, Exception whole) {
    for (Message message : messages) {
      Throwable thrown = message.getCause();
      if (thrown instanceof Exception exception) {
        return exception;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
    }
    List<String> texts = messages.stream().map(Message::getMessage).toList();
    return new PermanentFailureException(
        "Guice can't build the role " + roleClass + ": " + String.join("; ", texts), whole);
  }
}
