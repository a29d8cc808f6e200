package io.rolehost.runtime.metrics;

import io.prometheus.metrics.instrumentation.dropwizard5.labels.CustomLabelMapper;
import io.prometheus.metrics.instrumentation.dropwizard5.labels.MapperConfig;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/**
 * Gives queues their own names back. A dot would end a part of a name in the registry, so it stands
 * there as a slash, which no queue may have in its name.
 */
final class QueueNames extends CustomLabelMapper {

  private static final String QUEUE = "queue";

  QueueNames(List<MapperConfig> configs) {
    super(configs);
  }

  @Override
  public Labels getLabels(String name, List<String> moreNames, List<String> moreValues) {
    Labels labels = super.getLabels(name, moreNames, moreValues);
    if (!labels.contains(QUEUE)) {
      return labels;
    }
    Labels.Builder own = Labels.builder();
    for (Label label : labels) {
      boolean queue = label.getName().equals(QUEUE);
      Labels.Builder _ =
          own.label(label.getName(), queue ? label.getValue().replace('/', '.') : label.getValue());
    }
    return own.build();
  }
}
