/** What only files for UEFI and their certificates need, and takes a while to load: an ASN.1 library and what is made with it. */
export { readCertificate } from "../codecs/x509/certificate.ts";
export { developmentCertificate, signedCertificate } from "../codecs/x509/self-signed.ts";
export { certificateProblems } from "../sign/certificates.ts";
export { describePeTrust, describeSignature } from "../verify/authenticode/describe.ts";
export { readPeSignature } from "../verify/authenticode/read.ts";
export { verifyPe } from "../verify/authenticode/verify.ts";
