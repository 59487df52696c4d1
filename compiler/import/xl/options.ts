/** Of an option of xl.cfg(5): why it has no counterpart in `board.ts`; undefined where it is translated. */
export type WhyNot = string | undefined;

const taken = (names: string): Readonly<Record<string, WhyNot>> => because(undefined, names);
const because = (why: WhyNot, names: string): Readonly<Record<string, WhyNot>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, why]));

const x86 = "only x86 guests have it";
const deviceModel = "no device model runs here: a domain's devices are the hypervisor's own, assigned or paravirtual";
const noLink = "`pv` links are net, block, console and 9pfs";
const always = "it is for guests that a toolstack moves, saves or watches; there is none";

/** Every option of xl.cfg(5), from Xen 4.14 to 4.22, and `static_shm`. */
export const options: Readonly<Record<string, WhyNot>> = {
  ...taken("name type kernel ramdisk cmdline root extra memory maxmem vcpus maxvcpus cpus pool cpu_weight cap"),
  ...taken("on_poweroff on_reboot on_watchdog on_crash max_grant_frames max_maptrack_frames max_grant_version"),
  ...taken("device_tree passthrough dtdev iomem irqs disk vif p9 static_shm vuart gic_version sve tee arm_sci"),
  ...taken("nr_spis trap_unmapped_accesses llc_colors"),

  ...because("vCPUs have no soft affinity, only CPUs that may run them (`vcpus`)", "cpus_soft"),
  ...because("domains see one node of memory", "vnuma"),
  ...because("a kexec'd kernel starts anew with a domain that is restarted", "on_soft_reset"),
  ...because(
    "a domain's kernel is a file: name it in `kernel`",
    "firmware bios bios_path_override bootloader bootloader_args",
  ),
  ...because("a domain's kernel is a file: name it in `kernel`", "bootloader_restrict bootloader_user boot"),
  ...because("a domain is known by its name and its number", "uuid"),
  ...because("the hypervisor has no security labels (XSM)", "seclabel init_seclabel"),
  ...because(always, "nomigrate xend_suspend_evtchn_compat vmtrace_buf_kb"),
  ...because("a domain is a backend where `pv` names it as one", "driver_domain"),
  ...because("a domain has all the ports that its interface has, without a limit of its own", "max_event_channels"),
  ...because("guests have no performance monitors", "vpmu"),
  ...because("xenstored runs nowhere", "xenstore_feature_mask xenstore_quota"),
  ...because("Arm has no I/O ports", "ioports"),
  ...because("PCI devices are assigned by the host bridge that they are behind (`passthrough`)", "pci pci_permissive"),
  ...because(
    "PCI devices are assigned by the host bridge that they are behind (`passthrough`)",
    "pci_msitranslate pci_seize pci_power_mgmt gfx_passthru rdm rdm_mem_boundary",
  ),
  ...because(noLink, "vtpm pvcalls vfb channel vdispl vsnd vkb virtio usbctrl usbdev"),
  ...because(
    deviceModel,
    "dm_restrict device_model_user device_model_version device_model_override device_model_args " +
      "device_model_args_pv device_model_args_hvm device_model_stubdomain_override device_model_stubdomain_seclabel " +
      "stubdomain_kernel stubdomain_cmdline stubdomain_ramdisk stubdomain_memory hdtype videoram stdvga vga vnc " +
      "vnclisten vncdisplay vncunused vncpasswd keymap sdl opengl nographic spice spicehost spiceport spicetls_port " +
      "spicedisable_ticketing spicepasswd spiceagent_mouse spicevdagent spice_clipboard_sharing spiceusbredirection " +
      "spice_image_compression spice_streaming_video serial soundhw vkb_device usb usbversion usbdevice vendor_device",
  ),
  ...because(
    x86,
    "builder pvshim pvshim_path pvshim_cmdline pvshim_extra e820_host hap oos shadow_memory pae acpi acpi_s3 acpi_s4 " +
      "acpi_laptop_slate apic nx hpet altp2m altp2mhvm altp2m_count nestedhvm cpuid acpi_firmware smbios_firmware " +
      "smbios ms_vm_genid tsc_mode localtime rtc_timeoffset vpt_align timer_mode mmio_hole xen_platform_pci " +
      "xen_platform_pci_bar_uc viridian hvm_pirq mca_caps msr_relaxed",
  ),
};
