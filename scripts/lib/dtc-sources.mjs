/** Device tree sources to measure compilers with: the same text each time, as boards write it, and without warnings. */

/** @param {number} value */
const hex = (value) => `0x${value.toString(16)}`;

const head = `/dts-v1/;

/ {
	compatible = "bench,board";
	model = "Bench";
	#address-cells = <2>;
	#size-cells = <2>;
`;

/** @param {number} block */
const pins = (block) =>
  [0, 1, 2, 3]
    .map(
      (uart) => `
			uart${uart}-pins {
				pins = "gpio${uart * 4}", "gpio${uart * 4 + 1}", "gpio${uart * 4 + 2}";
				function = "uart${uart}";
				drive-strength = <${2 + 2 * (block % 4)}>;
				bias-pull-up;
			};
`,
    )
    .join("");

/** @param {number} block */
const serialPorts = (block) =>
  [0, 1, 2, 3]
    .map((uart) => {
      const at = 0x10000 + uart * 0x1000;
      return `
		serial@${at.toString(16)} {
			compatible = "bench,uart", "arm,pl011", "arm,primecell";
			reg = <${hex(at)} 0x1000>;
			clock-frequency = <${24000000 + block}>;
			reg-io-width = <4>;
			current-speed = <115200>;
			status = "disabled";
		};
`;
    })
    .join("");

/** @param {number} block */
const memories = (block) =>
  [0, 1, 2]
    .map(
      (index) => `
			eeprom@${(0x50 + index).toString(16)} {
				compatible = "atmel,24c64";
				reg = <${hex(0x50 + index)}>;
				pagesize = <(16 * 2)>;
				mac = [02 00 ${[block >> 16, block >> 8, block, index].map((byte) => (byte & 0xff).toString(16).padStart(2, "0")).join(" ")}];
			};
`,
    )
    .join("");

/** One block of devices on a bus of its own, some 2.5 KB. @param {number} block */
function devices(block) {
  const base = 0x1000_0000 + block * 0x4_0000;
  return `
	/* Peripheral block ${block}: clocks, pins, UARTs and an I2C bus. */
	bus${block}: bus@${base.toString(16)} {
		compatible = "simple-bus";
		#address-cells = <1>;
		#size-cells = <1>;
		ranges = <0x0 0x0 ${hex(base)} 0x40000>;

		clock-controller@1000 {
			compatible = "bench,clock-controller", "syscon";
			reg = <0x1000 0x1000>;
			#clock-cells = <1>;
			#reset-cells = <1>;
			assigned-clock-rates = <${Array.from({ length: 12 }, (_, index) => 1000000 * (index + (block % 7) + 1)).join(" ")}>;
		};

		pinctrl@2000 {
			compatible = "bench,pinctrl";
			reg = <0x2000 0x1000>;
			gpio-controller;
			#gpio-cells = <2>; // pin, flags
${pins(block)}		};
${serialPorts(block)}
		i2c@20000 {
			compatible = "bench,i2c";
			reg = <0x20000 0x1000>;
			#address-cells = <1>;
			#size-cells = <0>;
${memories(block)}		};
	};
`;
}

/**
 * A board of so many bytes of source, a few more. Labels are few and references none: for each of them, dtc goes
 * through the whole tree, and takes minutes for a source of this size; ours looks it up.
 * @param {number} bytes
 */
export function boardSource(bytes) {
  const parts = [head];
  for (let [length, block] = [head.length, 0]; length < bytes; block++) {
    const part = devices(block).replace(block % 64 === 0 ? "" : `bus${block}: `, "");
    parts.push(part);
    length += part.length;
  }
  return `${parts.join("")}};\n`;
}

/**
 * A tree of so many properties, five in each node, a hundred nodes on each bus; every node is referred to once.
 * @param {number} properties
 */
export function treeOfProperties(properties) {
  const nodes = properties / 5;
  const bus = Math.min(100, nodes);
  const parts = [head.split("\n").slice(0, 3).join("\n")];
  for (let index = 0; index < nodes; index++) {
    if (index % bus === 0) parts.push(`${index > 0 ? "\t};\n" : ""}\tbus-${index / bus} {`);
    parts.push(`		n${index}: node-${index} {
			compatible = "bench,node";
			number = <${index} 0x10 0x20>;
			next = <&n${(index * 7 + 1) % nodes}>;
			bytes = [00 01 02];
			flag;
		};`);
  }
  return `${parts.join("\n")}\n\t};\n};\n`;
}
