import type { SourceSpan, Trail } from "./span.ts";

/**
 * What a diagnostic is about. Where dtc has a named check for the rule, the code is the check's name; the others are
 * ours.
 */
export type DiagnosticCode =
  | "syntax"
  /** A property that stands behind a child node. */
  | "property_order"
  | "literal"
  | "expression"
  /** A `/dts-v1/;` that differs from the first. */
  | "header"
  | "include"
  | "unsupported"
  | "missing_target"
  | "edit"
  /** Of the preprocessor: a line that begins with `#`, and a macro's definition or use. */
  | "directive"
  | "macro"
  | CheckName;

/** Bindings of which dtc checks consumers (`clocks_property`) and providers (`clocks_is_cell`). */
export type Binding =
  | "clocks"
  | "cooling_device"
  | "dmas"
  | "hwlocks"
  | "interrupts_extended"
  | "io_channels"
  | "iommus"
  | "mboxes"
  | "msi_parent"
  | "mux_controls"
  | "phys"
  | "power_domains"
  | "pwms"
  | "resets"
  | "sound_dai"
  | "thermal_sensors";

/** The name of one of dtc's checks. */
export type CheckName =
  | "duplicate_node_names"
  | "duplicate_property_names"
  | "node_name_chars"
  | "node_name_chars_strict"
  | "node_name_format"
  | "node_name_not_empty"
  | "node_name_vs_property_name"
  | "property_name_chars"
  | "property_name_chars_strict"
  | "name_is_string"
  | "name_properties"
  | "duplicate_label"
  | "explicit_phandles"
  | "phandle_references"
  | "path_references"
  | "omit_unused_nodes"
  | "address_cells_is_cell"
  | "size_cells_is_cell"
  | "device_type_is_string"
  | "model_is_string"
  | "status_is_string"
  | "label_is_string"
  | "compatible_is_string_list"
  | "names_is_string_list"
  | "addr_size_cells"
  | "reg_format"
  | "ranges_format"
  | "dma_ranges_format"
  | "unit_address_vs_reg"
  | "unit_address_format"
  | "pci_bridge"
  | "pci_device_reg"
  | "pci_device_bus_num"
  | "simple_bus_bridge"
  | "simple_bus_reg"
  | "i2c_bus_bridge"
  | "i2c_bus_reg"
  | "spi_bus_bridge"
  | "spi_bus_reg"
  | "avoid_default_addr_size"
  | "avoid_unnecessary_addr_size"
  | "unique_unit_address"
  | "unique_unit_address_if_enabled"
  | "obsolete_chosen_interrupt_controller"
  | "chosen_node_is_root"
  | "chosen_node_bootargs"
  | "chosen_node_stdout_path"
  | "deprecated_gpio_property"
  | "gpios_property"
  | "interrupts_property"
  | "interrupt_provider"
  | "interrupt_map"
  | "alias_paths"
  | "graph_nodes"
  | "graph_port"
  | "graph_endpoint"
  | "always_fail"
  | `${Binding}_is_cell`
  | `${Binding}_property`;

/** One finding. Data only: no file name and no "error:" inside the text. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Absent where the tree came from no source text. */
  readonly span?: SourceSpan;
  /** Another place that has to do with it: "also defined at". */
  readonly related?: SourceSpan;
  /** In a preprocessed source: the macro's use and the includes that lead to the place, innermost first. */
  readonly trail?: readonly Trail[];
}

/**
 * What every function answers that reads what may be wrong: the value, or at least one diagnostic that says why there is
 * none. Beside a value, diagnostics are warnings, and the first may be missing: `0?` says so also where `ok` was not
 * asked for, where TypeScript takes the first of one array or the other as always there.
 */
export type Result<T, D = Diagnostic> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly D[] & { readonly 0?: D } }
  | { readonly ok: false; readonly value?: undefined; readonly diagnostics: readonly [D, ...D[]] };
