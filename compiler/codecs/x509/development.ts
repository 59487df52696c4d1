/** The organisational unit in the names of certificates that `xenimg keygen` makes: firmware and people see it. */
export const developmentUnit = "xenimg development key: not for releases";
